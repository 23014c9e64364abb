/**
 * Finds which rows can land: takes out what no root leads to, keeps the units of rows in quarantine as they are, and
 * does so until everything that is left stands in one tree.
 */
import type { AccountTransaction } from '@iroko/database';
import type { ImportMapping } from '../mapping';
import type { Scope } from '../matching/existing.sql';
import type { ImportRules } from '../rules/apply-rules';
import {
  addKept,
  countNodes,
  createPaths,
  createTree,
  findParentsAmongUnits,
  insertTreeDefects,
  keepParents,
  removeDefective,
  removeUnreachedAncestors,
  resolveParents,
  type UnreachedNode,
  unreachedNodes,
} from './tree.sql';
import { explainUnreached } from './unreached';

const BATCH = 10_000;

export interface PlaceOptions {
  mapping: ImportMapping;
  nextNumber: number;
  /** Units that no row is stay as they are. */
  keepAbsent: boolean;
  /** There are units in the source at all. */
  hasUnits: boolean;
  /** What the account allows, beyond being a tree. */
  rules: ImportRules;
  /** Called between rounds; may throw to stop. */
  breathe(): Promise<void>;
}

/** Answers how many units are kept that no row is. */
export async function placeUnits(
  tx: AccountTransaction,
  scope: Scope,
  options: PlaceOptions,
): Promise<number> {
  const { mapping, keepAbsent, hasUnits } = options;
  await createTree(tx, options.nextNumber);
  if (hasUnits && keepAbsent) {
    await findParentsAmongUnits(tx, scope);
    if (mapping.parentReference === undefined && mapping.parents.length === 0) await keepParents(tx);
  }
  let kept = 0;
  for (;;) {
    if (hasUnits) {
      kept += await addKept(tx, scope, keepAbsent);
      await resolveParents(tx);
    }
    await createPaths(tx);
    const { nodes, reached } = await countNodes(tx);
    if (nodes === reached) {
      if ((await options.rules.refuse()) === 0) return kept;
      await removeDefective(tx);
      await options.rules.prune();
      continue;
    }
    await options.breathe();
    const taken = await quarantineUnreached(tx, mapping);
    await removeDefective(tx);
    if (taken + (await removeUnreachedAncestors(tx)) === 0) {
      throw new Error(
        `${nodes - reached} nodes of an import are reached from no root, and no row is to blame.`,
      );
    }
  }
}

async function quarantineUnreached(tx: AccountTransaction, mapping: ImportMapping): Promise<number> {
  const nodes: UnreachedNode[] = [];
  for await (const batch of unreachedNodes(tx)) nodes.push(...batch);
  const defects = explainUnreached(nodes, (id) => id > 0);
  const columns = { reference: mapping.parentReference ?? null, names: mapping.parents };
  for (let from = 0; from < defects.length; from += BATCH) {
    await insertTreeDefects(tx, columns, defects.slice(from, from + BATCH));
  }
  return defects.length;
}
