/** A real tree, imported and copied; both sides are edited, and merged. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GEOPACKAGE_MAPPING } from '../imports/tables/geopackage-table';
import { type ImportGround, importGround } from '../testing/imports';
import { resultOf } from '../testing/jobs';
import { Merging, rowsByName } from '../testing/merging';
import type { Data } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(120_000);
const FOLDER = process.env.IROKO_REAL_DATA ?? resolve(__dirname, '../../../../../shared/data');
const FILE = resolve(FOLDER, 'org-units/burkina-faso.gpkg');

let ground: ImportGround;
beforeAll(async () => {
  if (!existsSync(FILE)) throw new Error(`The real file is missing: ${FILE}`);
  ground = await importGround();
});
afterAll(() => ground.close());

it('burkina-faso.gpkg merged into a copy with conflicting edits on both sides: the plan lists exactly the conflicts', async () => {
  const [story, merging] = [new Story(ground), new Merging(ground)];
  await ground.report(readFileSync(FILE), GEOPACKAGE_MAPPING, {
    name: 'burkina-faso.gpkg',
    absentUnits: 'KEEP',
  });
  const first = await story.release(ground.dataSourceId);
  const copy = await story.source('Copy');
  const { version, units } = await merging.copy(first.id, copy.id);
  expect(units).toEqual({ added: 136, changed: 0, removed: 0 });
  const theirs = await story.states(first.id);
  const ours = new Map((await story.states(version.id)).map((state: Data) => [state.reference, state]));
  const clinics = theirs.filter((state: Data) => state.location !== null);
  const ownOf = (state: Data) => ours.get(state.reference) as Data;
  const [a, b, c, d, e, f, g, h] = clinics as [Data, Data, Data, Data, Data, Data, Data, Data];
  const otherParent = clinics.find((state: Data) => state.parent.unitId !== e.parent.unitId)?.parent as Data;

  // Both sides: another name (a), the same new name (b), a move to two places (e), an edit of what the other removed (f, g).
  await story.edit(a, { name: `${a.name} A`, status: 'REJECTED' });
  await story.edit(b, { name: `${b.name} agreed` });
  await story.edit(c, { location: { longitude: -1.5, latitude: 12.3 } });
  await story.edit(e, { parentId: otherParent.unitId });
  await story.remove(f);
  await story.edit(g, { name: `${g.name} G` });
  await story.remove(h);
  const second = await story.release(ground.dataSourceId);
  await story.edit(ownOf(a), { name: `${a.name} B`, aliases: ['Ours'] });
  await story.edit(ownOf(b), { name: `${b.name} agreed` });
  await story.edit(ownOf(d), { name: `${d.name} ours alone` });
  const region = [...ours.values()].find((state: Data) => state.parent === null) as Data;
  await story.edit(ownOf(e), { parentId: region.unitId });
  await story.edit(ownOf(f), { name: `${f.name} kept` });
  await story.remove(ownOf(g));

  const plan = await merging.plan({ versionId: second.id, dataSourceId: copy.id });
  const rows = plan.rows.nodes;
  const fieldsOf = (row: Data) =>
    row.fields.filter(({ isConflict }: Data) => isConflict).map(({ field }: Data) => field);
  const conflicts = rows.filter(({ isConflict }: Data) => isConflict);
  expect(
    Object.fromEntries(
      conflicts.map((row: Data) => [(row.source ?? row.target).reference, [row.action, fieldsOf(row)]]),
    ),
  ).toEqual({
    [a.reference]: ['UPDATE', ['NAME']],
    [e.reference]: ['UPDATE', ['PARENT']],
    [f.reference]: ['REMOVE', []],
    [g.reference]: ['CREATE', []],
  });
  // Without a conflict: the point of c, and h, which nobody changed. b and d are no rows at all.
  expect(
    rows
      .filter(({ isConflict }: Data) => !isConflict)
      .map(({ action }: Data) => action)
      .sort(),
  ).toEqual(['REMOVE', 'UPDATE']);
  expect(rowsByName(plan)[c.name].fields.map(({ field }: Data) => field)).toEqual(['LOCATION']);

  await merging.decide(plan.id, [], 'SOURCE');
  expect((await resultOf(ground, await merging.apply(plan.id))).units).toEqual({
    added: 1,
    changed: 3,
    removed: 2,
  });
  const merged = new Map((await story.states(version.id)).map((state: Data) => [state.reference, state]));
  expect(merged.size).toBe(134);
  expect(merged.get(a.reference)).toMatchObject({
    name: `${a.name} A`,
    status: 'REJECTED',
    aliases: ['Ours'],
  });
  expect(merged.get(d.reference)).toMatchObject({ name: `${d.name} ours alone` });
  expect(merged.get(e.reference)?.parent.name).toBe(otherParent.name);
});
