/** An edited copy of a real file, its rows in another order: the difference of the versions is the edits, no more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImportGround, importGround } from '../testing/imports';

const folder = join(__dirname, '../../../../../shared/data/org-units');
const mapping = JSON.parse(readFileSync(join(folder, 'drc-schools.recipe.json'), 'utf8'));
const [header = '', ...lines] = recordsOf(readFileSync(join(folder, 'drc-schools.csv'), 'utf8'));
const columns = header.split(';');
const [PROVINCE, DIVISION, SUBDIVISION, NAME, LATITUDE, LONGITUDE] = [
  'ProvincePoliAdmin',
  'Proved',
  'Sproved',
  'Nom Ecole',
  'GPS_latitude',
  'GPS_longitude',
].map((name) => columns.indexOf(name)) as [number, number, number, number, number, number];
const PARENTS = [PROVINCE, DIVISION, SUBDIVISION];

/** Some cells have a line feed within their quotes. */
function recordsOf(text: string): string[] {
  return text.trimEnd().match(/(?:"[^"]*"|[^"\r\n])+/g) ?? [];
}

const cellsOf = (line: string) => line.split(';');
const parentOf = (line: string) => PARENTS.map((column) => cellsOf(line)[column]).join(' / ');
const placeOf = (line: string) => [LATITUDE, LONGITUDE].map((column) => cellsOf(line)[column]).join(' ');

function onlyOnce(keyOf: (line: string) => string): (line: string) => boolean {
  const times = new Map<string, number>();
  for (const line of lines) times.set(keyOf(line), (times.get(keyOf(line)) ?? 0) + 1);
  return (line) => times.get(keyOf(line)) === 1;
}

/** Schools that their name and their coordinates tell from all others, and that are not alone below their parent. */
const hasOwnName = onlyOnce((line) => cellsOf(line)[NAME] ?? '');
const hasOwnPlace = onlyOnce(placeOf);
const isAlone = onlyOnce(parentOf);
const clear = lines.filter(
  (line) =>
    !line.includes('"') &&
    /\d/.test(placeOf(line)) &&
    hasOwnName(line) &&
    hasOwnPlace(line) &&
    !isAlone(line),
);
/** Far from each other in the file, so that no parent loses all its schools. */
const chosen = (count: number, offset: number) =>
  Array.from({ length: count }, (_, i) => clear[offset + i * 97] as string);
const [RENAMED, MOVED, REMOVED] = [chosen(10, 3), chosen(5, 1500), chosen(3, 2600)];

const withCells = (line: string, changes: Record<number, string>) =>
  cellsOf(line)
    .map((cell, column) => changes[column] ?? cell)
    .join(';');
const newName = (line: string) => `${cellsOf(line)[NAME]} ANNEXE`;
const movedBelow = (line: string): string => {
  const other = clear.find((each) => cellsOf(each)[DIVISION] !== cellsOf(line)[DIVISION]) as string;
  return withCells(line, Object.fromEntries(PARENTS.map((column) => [column, cellsOf(other)[column] ?? ''])));
};
const ADDED = chosen(4, 2000).map((line, i) =>
  withCells(line, { [NAME]: `ECOLE NOUVELLE ${i}`, [LATITUDE]: `-1.0${i}`, [LONGITUDE]: `20.0${i}` }),
);

/** Every line changes its place, the same way in each run. */
function shuffled(rows: readonly string[]): string[] {
  const step = 1009;
  return rows.map((_, i) => rows[(i * step + 17) % rows.length] as string);
}

function editedCopy(): string {
  const kept = lines
    .filter((line) => !REMOVED.includes(line))
    .map((line) => {
      if (RENAMED.includes(line)) return withCells(line, { [NAME]: newName(line) });
      return MOVED.includes(line) ? movedBelow(line) : line;
    });
  return `${[header, ...shuffled([...kept, ...ADDED])].join('\n')}\n`;
}

const DIFFERENCE = `query ($from: ID!, $to: ID!) {
  versionDiff(from: $from, to: $to) {
    counts { added removed changed }
    units(first: 100) { nodes { kind before { name parent { name } } after { name parent { name } } fields { field } } }
  }
}`;
const WHOLE = `query ($version: ID!, $after: String) {
  orgUnitStates(version: $version, first: 500, after: $after) {
    nodes { id name revision parent { id } location { longitude latitude } } pageInfo { hasNextPage endCursor } } }`;

describe('an edited copy of the schools of DR Congo, its rows in another order', () => {
  let ground: ImportGround;
  beforeAll(async () => {
    ground = await importGround();
  });
  afterAll(() => ground.close());

  it('differs from the first version by ten names, five parents, three removed and four added schools', async () => {
    const first = await ground.report(`${[header, ...lines].join('\n')}\n`, mapping);
    expect(first.units.added).toBe(6672);
    await released();
    const before = await whole(first.version?.id as string);
    const second = await ground.report(editedCopy(), mapping);
    expect(second.units).toMatchObject({ added: 4, changed: 15, moved: 5, removed: 3, same: 6654 });
    const { versionDiff } = await ground.data(DIFFERENCE, {
      from: first.version?.id,
      to: second.version?.id,
    });
    expect(versionDiff.counts).toEqual({ added: 4, removed: 3, changed: 15 });
    expect(changes(versionDiff.units.nodes)).toEqual(expectedChanges());
    expect(await whole(first.version?.id as string)).toEqual(before);
  });

  async function released(): Promise<void> {
    await ground.data('mutation ($id: ID!) { releaseVersion(dataSource: $id) { number } }', {
      id: ground.dataSourceId,
    });
  }

  async function whole(version: string): Promise<object[]> {
    const units: object[] = [];
    for (let after: string | null = null; ; ) {
      const { orgUnitStates } = await ground.data(WHOLE, { version, after });
      units.push(...orgUnitStates.nodes);
      if (!orgUnitStates.pageInfo.hasNextPage) break;
      after = orgUnitStates.pageInfo.endCursor;
    }
    expect(units).toHaveLength(6672);
    return units;
  }
});

interface Difference {
  kind: string;
  before: { name: string } | null;
  after: { name: string } | null;
  fields: { field: string }[];
}

const changes = (nodes: readonly Difference[]) =>
  nodes
    .map(({ kind, before, after, fields }) =>
      [kind, before?.name ?? '', after?.name ?? '', ...fields.map(({ field }) => field)].join(' | '),
    )
    .sort();

const nameOf = (line: string) => (cellsOf(line)[NAME] as string).trim();
const expectedChanges = () =>
  [
    ...RENAMED.map((line) => `CHANGED | ${nameOf(line)} | ${newName(line).trim()} | NAME`),
    ...MOVED.map((line) => `CHANGED | ${nameOf(line)} | ${nameOf(line)} | PARENT`),
    ...REMOVED.map((line) => `REMOVED | ${nameOf(line)} | `),
    ...ADDED.map((line) => `ADDED |  | ${nameOf(line)}`),
  ].sort();
