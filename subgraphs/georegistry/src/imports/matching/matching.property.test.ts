import fc from 'fast-check';
import { freshSource, type Imported, importedUnits, writtenStates } from '../../testing/imported';
import { type ImportGround, importGround } from '../../testing/imports';

interface Place {
  district: string;
  name: string;
  lon: string;
  lat: string;
  beds: string;
}

const MAPPING = {
  name: 'name',
  parents: ['district'],
  longitude: 'lon',
  latitude: 'lat',
  attributes: [{ column: 'beds', key: 'beds' }],
  // What a cell is read as shall not depend on which rows a case happens to have.
  separator: ',',
  decimalSign: 'POINT',
  header: true,
};
const csv = (places: readonly Place[]) =>
  `district,name,lon,lat,beds\n${places.map((p) => [p.district, p.name, p.lon, p.lat, p.beds].join(',')).join('\n')}\n`;

/** Few values, so that names, coordinates and whole places meet often. */
const place: fc.Arbitrary<Place> = fc
  .record({
    district: fc.constantFrom('Nord', 'Sud'),
    name: fc.constantFrom('A', 'B', 'C'),
    at: fc.constantFrom('', '0', '1.5', '2'),
    beds: fc.constantFrom('', '1', '2', '3'),
  })
  .map(({ at, ...rest }) => ({ ...rest, lon: at, lat: at }));
const places = fc.uniqueArray(place, { minLength: 1, maxLength: 9, selector: (p) => JSON.stringify(p) });
const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });

const keyOf = ({ names, longitude, latitude, attributes }: Imported) =>
  JSON.stringify([names, longitude, latitude, attributes]);
const expectedKey = (p: Place) =>
  JSON.stringify([
    [p.district, p.name],
    number(p.lon),
    number(p.lat),
    p.beds === '' ? null : { beds: p.beds },
  ]);
const number = (cell: string) => (cell === '' ? null : Number(cell));

describe('a later file finds the units of the earlier one', () => {
  let ground: ImportGround;
  beforeAll(async () => {
    ground = await importGround();
  });
  afterAll(() => ground.close());

  const imported = async (dataSourceId: string, rows: readonly Place[]) => {
    const report = await ground.report(csv(rows), MAPPING, { dataSourceId });
    return { report, units: await importedUnits(ground, dataSourceId) };
  };

  it('one to one, pass by pass as the rules say, in whatever order its rows stand, and once', async () => {
    const cases = fc
      .tuple(places, places)
      .chain(([before, after]) => fc.tuple(fc.constant(before), fc.constant(after), shuffled(after)));
    await fc.assert(
      fc.asyncProperty(cases, async ([before, after, otherOrder]) => {
        const [source, other] = [await freshSource(ground), await freshSource(ground)];
        const outcome = await outcomeOf(source, before, after);
        // The file is what stands there now: each of its rows as one unit.
        expect(outcome.schools).toEqual(after.map(expectedKey).sort());
        expect(outcome.report.matched).toEqual(expectedPasses(before, after));
        const { units, matched } = (await outcomeOf(other, before, otherOrder)).report;
        expect({ units, matched }).toEqual({
          units: outcome.report.units,
          matched: outcome.report.matched,
        });
        expect((await pairsOf(other)).sort()).toEqual((await pairsOf(source)).sort());
        await expectNothingNew(source, otherOrder);
      }),
      { numRuns: 8, seed: 20261122 },
    );
  }, 150_000);

  /** Per source, what each unit of the first file was. */
  const were = new Map<string, Map<string, string>>();

  async function outcomeOf(source: string, before: readonly Place[], after: readonly Place[]) {
    const first = await imported(source, before);
    were.set(source, new Map(first.units.map((unit) => [unit.unitId, keyOf(unit)])));
    const { report, units } = await imported(source, after);
    expect(new Set(units.map(({ unitId }) => unitId)).size).toBe(units.length);
    expect(first.units.length - report.units.removed + report.units.added).toBe(units.length);
    return {
      report,
      schools: units
        .filter(({ names }) => names.length === 2)
        .map(keyOf)
        .sort(),
    };
  }

  async function pairsOf(source: string): Promise<string[]> {
    const units = await importedUnits(ground, source);
    return units.map((unit) => `${were.get(source)?.get(unit.unitId) ?? 'new'} → ${keyOf(unit)}`);
  }

  /** The same rows again, in any order, write no state, and every unit keeps its own. */
  async function expectNothingNew(source: string, rows: readonly Place[]): Promise<void> {
    const [written, before] = [await writtenStates(ground, source), await importedUnits(ground, source)];
    const { report, units } = await imported(source, rows);
    expect(units).toEqual(before);
    expect(await writtenStates(ground, source)).toEqual(written);
    const same = units.length;
    expect(report.units).toEqual({ added: 0, changed: 0, moved: 0, removed: 0, same, kept: 0 });
    expect(Object.values(report.matched).reduce((a, b) => a + b)).toBe(same);
  }
});

/** How many units each pass finds: districts by their names, places by the passes in their order. */
function expectedPasses(before: readonly Place[], after: readonly Place[]) {
  const identity = (p: Place) => `${p.district}/${p.name}`;
  const at = (p: Place) => p.lon;
  let [units, rows] = [[...before], [...after]];
  const districts = new Set(before.map((p) => p.district));
  const known = new Set(after.map((p) => p.district).filter((name) => districts.has(name)));
  const pair = (key: (p: Place) => string, isMeant: (u: number, r: number, p: Place) => number) => {
    let found = 0;
    for (const value of new Set(units.map(key))) {
      const [here, there] = [units.filter((p) => key(p) === value), rows.filter((p) => key(p) === value)];
      const count = here[0] ? isMeant(here.length, there.length, here[0]) : 0;
      found += count;
      const [gone, taken] = [new Set(here.slice(0, count)), new Set(there.slice(0, count))];
      units = units.filter((p) => !gone.has(p));
      rows = rows.filter((p) => !taken.has(p));
    }
    return found;
  };
  const unique = (u: number, r: number) => (u === 1 && r === 1 ? 1 : 0);
  const both = pair(
    (p) => `${identity(p)}@${at(p)}`,
    (u, r) => Math.min(u, r),
  );
  const byIdentity = pair(identity, unique);
  const byPlace = pair(at, (u, r, p) => (at(p) === '' ? 0 : unique(u, r)));
  return {
    REFERENCE: 0,
    IDENTITY_AND_COORDINATES: both + known.size,
    IDENTITY: byIdentity,
    COORDINATES: byPlace,
  };
}
