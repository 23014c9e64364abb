/** The schools of DR Congo against copies of themselves, spoiled in two unlike ways; see docs/guides/matching.md. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { matchSides } from '@iroko/georegistry';
import { columnNames, detectDialect, readCsv } from '@iroko/tabular';
import { judge } from './judge';
import { leaves, type Place, type SpoiledCopy, sideOf } from './places';
import { spoil } from './spoil';
import { spoilOtherwise } from './spoil-otherwise';

jest.setTimeout(300_000);

const FILE = join(__dirname, '../../../../shared/data/org-units/drc-schools.csv');
const ABOVE = ['ProvincePoliAdmin', 'Proved', 'Sproved'];

/** 291 units above and 6,381 schools: the 15 exact duplicate rows left out. */
async function schools(): Promise<Place[]> {
  const open = async () => createReadStream(FILE);
  const places = new Map<string, Place>();
  let columns: string[] | undefined;
  for await (const rows of readCsv(open, await detectDialect(open, {}))) {
    for (const { cells } of rows) {
      if (columns) addSchool(places, columns, cells);
      else columns = columnNames(cells);
    }
  }
  return [...places.values()];
}

function addSchool(places: Map<string, Place>, columns: readonly string[], cells: readonly string[]): void {
  const cell = (name: string) => cells[columns.indexOf(name)]?.trim() ?? '';
  const number = (name: string) => (cell(name) === '' ? null : Number(cell(name)));
  if (cell('Nom Ecole') === '') return;
  let parent: string | null = null;
  for (const name of ABOVE) {
    const reference: string = `${parent ?? ''}/${cell(name)}`;
    if (!places.has(reference)) {
      places.set(reference, {
        reference,
        name: cell(name),
        type: null,
        parent,
        longitude: null,
        latitude: null,
      });
    }
    parent = reference;
  }
  const reference = cells.join(';');
  const point = { longitude: number('GPS_longitude'), latitude: number('GPS_latitude') };
  places.set(reference, { reference, name: cell('Nom Ecole'), type: null, parent, ...point });
}

describe('the schools of DR Congo', () => {
  let places: Place[];
  beforeAll(async () => {
    places = await schools();
  });

  const matched = ({ places: copy, labels }: SpoiledCopy, scoreFrom: number) => {
    const [left, right] = [sideOf(places), sideOf(copy)];
    const { pairs } = matchSides(left, right, { reviewFrom: scoreFrom, accepted: [], rejected: [] });
    return judge(
      places,
      labels,
      new Map(pairs.map((pair) => [left.keys[pair.left] as string, right.keys[pair.right] as string])),
    );
  };

  it('are all there', () => expect([places.length, leaves(places).length]).toEqual([6672, 6381]));

  it.each(['iroko', 'second', 'third'])(
    'are known again in a copy with names spoiled, points moved, schools dropped and invented: F1 of 0.97 and more, seed %s',
    (seed) => {
      const copy = spoil(places, seed);
      const { f1, precision } = matched(copy, 0.5);
      expect(f1).toBeGreaterThanOrEqual(0.97);
      // What would be accepted unseen.
      expect(matched(copy, 0.9).precision).toBeGreaterThanOrEqual(0.995);
      expect(precision).toBeGreaterThanOrEqual(0.99);
    },
  );

  it('are known again in a copy spoiled in other ways: F1 of 0.97 and more', () => {
    const { f1 } = matched(spoilOtherwise(places, 'iroko'), 0.5);
    expect(f1).toBeGreaterThanOrEqual(0.97);
  });
});
