/**
 * From what a person asks to what statements can take: ids of subtrees become paths, the words of a search get their
 * spellings, and versions and sets of filters become the branches of a list.
 */
import { type AccountDatabase, isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { holds, unitReach } from '@iroko/viewer';
import { pathsOf, reachIn } from '../scope/reach.sql';
import { soughtWords, toleranceOf, withSpellings } from './search/words';
import { similarWords } from './search/words.sql';
import { subtreeSize, subtreesInVersions } from './state.sql';
import { type ResolvedFilter, SMALL_SUBTREE } from './unit-conditions.sql';
import type { OrgUnitFilter } from './unit-filter';
import type { ListBranch, UnitList } from './unit-list.sql';

export interface ListVersion {
  dataSourceId: string;
  number: number;
}

export interface AskedList {
  filter: OrgUnitFilter;
  /** Sets of which one must hold; null when none are given. */
  anyOf: readonly OrgUnitFilter[] | null;
}

/** Throws NOT_FOUND for a unit of a subtree that none of the versions holds. */
export async function resolveList(
  db: AccountDatabase,
  versions: readonly ListVersion[],
  { filter, anyOf }: AskedList,
): Promise<Omit<UnitList, 'sort'>> {
  const all = [filter, ...(anyOf ?? [])];
  const [scopes, spellings, linked] = await Promise.all([
    scopesOf(db, versions),
    spellingsOf(db, versions, all),
    all.some(({ links }) => links != null) ? unitReach(db) : undefined,
  ]);
  const subtrees = await subtreesAsked(db, versions, all, scopes);
  const resolve = (one: OrgUnitFilter, source: string): ResolvedFilter | undefined => {
    if (one.sources && !one.sources.includes(source)) return undefined;
    const inSource = (ids: readonly string[]) =>
      ids.flatMap((id) => {
        const subtree = subtrees.get(id.toLowerCase());
        return subtree?.dataSourceId === source ? [subtree] : [];
      });
    const asked = subtreesOf(one);
    const within = asked && inSource(asked);
    if (within?.length === 0) return undefined;
    return {
      filter: one,
      within: within?.map(({ path }) => path),
      isSmall: within !== undefined && sum(within.map(({ size }) => size)) < SMALL_SUBTREE,
      without: inSource(one.excludedSubtrees ?? []).map(({ path }) => path),
      search: searchOf(one, spellings),
      linked,
    };
  };
  const sets = anyOf ? anyOf.map((set, index) => ({ set, index })) : [{ set: null, index: null }];
  const branches = sets.flatMap(({ set, index }) =>
    versions.flatMap(({ dataSourceId, number }): ListBranch[] => {
      const resolved = [filter, ...(set ? [set] : [])].map((one) => resolve(one, dataSourceId));
      const filters = resolved.filter((one) => one !== undefined);
      const scope = scopes.get(dataSourceId);
      if (filters.length < resolved.length || scope?.within?.length === 0) return [];
      if (scope) filters.push(scope);
      return [{ dataSourceId, number, set: index, filters, roots: scope?.within }];
    }),
  );
  const searches = all.flatMap((one) => searchOf(one, spellings) ?? []);
  return { branches, searches };
}

const subtreesOf = ({ subtree, subtrees }: OrgUnitFilter): string[] | undefined =>
  subtree == null && subtrees == null
    ? undefined
    : [...(subtree == null ? [] : [subtree]), ...(subtrees ?? [])];

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

interface Subtree {
  dataSourceId: string;
  path: Buffer;
  size: number;
}

async function subtreesAsked(
  db: AccountDatabase,
  versions: readonly ListVersion[],
  filters: readonly OrgUnitFilter[],
  scopes: ReadonlyMap<string, ResolvedFilter>,
): Promise<Map<string, Subtree>> {
  const wanted = filters.flatMap((one) => [...(subtreesOf(one) ?? []), ...(one.excludedSubtrees ?? [])]);
  if (wanted.length === 0) return new Map();
  const rows = await subtreesInVersions(db, wanted.filter(isId), versions, SMALL_SUBTREE);
  const isSeen = ({ dataSourceId, path }: Subtree) => {
    const scope = scopes.get(dataSourceId)?.within;
    return !scope || holds(scope, path);
  };
  const found = new Map(rows.filter(isSeen).map((row) => [row.unitId, row]));
  const missing = wanted.find((id) => !found.has(id.toLowerCase()));
  if (missing !== undefined) throw notFound('OrgUnit', missing);
  return found;
}

/** By source: what a viewer of a part of the tree may see, as a filter. None for those who see all of it. */
async function scopesOf(
  db: AccountDatabase,
  versions: readonly ListVersion[],
): Promise<Map<string, ResolvedFilter>> {
  const scopes = new Map<string, ResolvedFilter>();
  for (const { dataSourceId, number } of versions) {
    const within = pathsOf(await reachIn(db, dataSourceId, number), dataSourceId);
    if (!within) continue;
    const size = within.length > 0 ? await subtreeSize(db, dataSourceId, within, SMALL_SUBTREE) : 0;
    scopes.set(dataSourceId, {
      filter: {},
      within: [...within],
      isSmall: size < SMALL_SUBTREE,
      without: [],
      search: undefined,
      linked: undefined,
    });
  }
  return scopes;
}

/** By word: those words of the sources' names that it may mean. */
async function spellingsOf(
  db: AccountDatabase,
  versions: readonly ListVersion[],
  filters: readonly OrgUnitFilter[],
): Promise<Map<string, string[]>> {
  const words = filters
    .flatMap(({ search }) => soughtWords(search ?? ''))
    .filter((word) => toleranceOf(word) > 0);
  const found = new Map(words.map((word) => [word, [] as string[]]));
  if (words.length === 0 || versions.length === 0) return found;
  const sources = versions.map(({ dataSourceId }) => dataSourceId);
  for (const row of await similarWords(db, sources, [...found.keys()]))
    found.get(row.sought)?.push(row.found);
  return found;
}

function searchOf({ search }: OrgUnitFilter, spellings: ReadonlyMap<string, string[]>) {
  const words = soughtWords(search ?? '');
  if (search == null || words.length === 0) return undefined;
  return { text: search, words: words.map((word) => withSpellings(word, spellings.get(word) ?? [])) };
}
