/** Borders as they are drawn: what real neighbours overlap and leave, against figures of another library. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type MultiPolygon, mapPositions } from '@iroko/geometry';
import { GEOPACKAGE_MAPPING } from '../../imports/tables/geopackage-table';
import { type ImportGround, importGround } from '../../testing/imports';
import { checkedReport, issuesOf } from '../../testing/quality';
import type { Data } from '../../testing/registry';
import { Story } from '../../testing/story';

jest.setTimeout(120_000);
const FOLDER = process.env.IROKO_REAL_DATA ?? resolve(__dirname, '../../../../../../shared/data');
const FILE = resolve(FOLDER, 'org-units/burkina-faso.gpkg');

let ground: ImportGround;
beforeAll(async () => {
  if (!existsSync(FILE)) throw new Error(`The real file is missing: ${FILE}`);
  ground = await importGround();
});
afterAll(() => ground.close());

it('districts and areas of Burkina Faso: no overlaps, the gaps that GEOS finds, and what a moved border adds', async () => {
  const story = new Story(ground);
  await ground.report(readFileSync(FILE), GEOPACKAGE_MAPPING, { name: 'burkina-faso.gpkg' });
  const { id } = await story.release(ground.dataSourceId);
  const report = await checkedReport(ground, id);
  expect(issuesOf(report, 'OVERLAPPING_SIBLINGS')).toEqual([]);
  expect(issuesOf(report, 'INVALID_SHAPE')).toEqual([]);
  const gaps = issuesOf(report, 'GAP_BETWEEN_SIBLINGS');
  const squareKilometres = Object.fromEntries(
    gaps.map(({ unit, areaM2 }: Data) => [unit.name, Math.round(areaM2 / 1e6)]),
  );
  // The country has one region in the file. GEOS, in the plane, finds the same to the hectare.
  expect(squareKilometres).toEqual({
    'Burkina Faso': 238544,
    'Boucle du Mouhoun': 793,
    'DS Boromo': 720,
    'DS Nouna': 449,
    'DS Dedougou': 84,
    'DS Solenzo': 61,
    'DS Tougan': 46,
    'DS Toma': 36,
  });

  const { orgUnitStates } = await ground.data(
    `query ($version: ID!) { orgUnitStates(version: $version, filter: { hasShape: true }, first: 100) {
      nodes { name unitId revision parent { name } shape { geometry } } } }`,
    { version: id },
  );
  const nouna = orgUnitStates.nodes.find(({ name }: Data) => name === 'Nouna');
  const moved = mapPositions(nouna.shape.geometry as MultiPolygon, ([x, y]) => [(x ?? 0) + 0.02, y ?? 0]);
  const edited = await story.edit(nouna, { shape: moved });
  const again = await checkedReport(ground, edited.version.id);
  const overlaps = issuesOf(again, 'OVERLAPPING_SIBLINGS').map(({ unit, otherUnit, areaM2 }: Data) => [
    unit.name,
    otherUnit.name,
    Math.round(areaM2 / 1e6),
  ]);
  expect(overlaps).toEqual([
    ['Bourasso', 'Nouna', 41],
    ['Nouna', 'Bourasso', 41],
    ['Barani', 'Nouna', 22],
    ['Nouna', 'Barani', 22],
    ['Bomborokuy', 'Nouna', 4],
    ['Nouna', 'Bomborokuy', 4],
  ]);
});
