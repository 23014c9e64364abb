/**
 * The rules of a three-way merge, tried on trees that chance edits on both sides. The oracle beside it tells of each
 * unit what a plan must say, what the target is afterwards, and what the next plan must say.
 */
import * as fc from 'fast-check';
import { resultOf } from '../testing/jobs';
import { Merging } from '../testing/merging';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(300_000);
let registry: TestRegistry;
let story: Story;
let merging: Merging;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  merging = new Merging(registry);
});
afterAll(() => registry.close());

const FIELDS = ['NAME', 'CODE', 'STATUS'] as const;
type Field = (typeof FIELDS)[number];
type Unit = Record<Field, string>;
const KEY = { NAME: 'name', CODE: 'code', STATUS: 'status' } as const;

/** What a field is of which nobody knows the ancestor. */
const BLANK: Unit = { NAME: 'nobody knows', CODE: '', STATUS: 'NEW' };

interface Three {
  base: Unit | null;
  source: Unit | null;
  target: Unit | null;
}

interface Expected {
  action: 'CREATE' | 'UPDATE' | 'REMOVE';
  fields: readonly Field[];
  conflicts: readonly Field[];
  isConflict: boolean;
}

const isSame = (one: Unit, other: Unit) => FIELDS.every((field) => one[field] === other[field]);

/** What a plan says of a unit; undefined where there is nothing to do. */
function expected({ base, source, target }: Three): Expected | undefined {
  if (source && target) {
    const fields = FIELDS.filter(
      (field) => source[field] !== target[field] && base?.[field] !== source[field],
    );
    const conflicts = fields.filter((field) => base?.[field] !== target[field]);
    return fields.length > 0
      ? { action: 'UPDATE', fields, conflicts, isConflict: conflicts.length > 0 }
      : undefined;
  }
  if (source) {
    if (base && isSame(base, source)) return undefined;
    return { action: 'CREATE', fields: FIELDS, conflicts: [], isConflict: base !== null };
  }
  if (target && base) {
    return { action: 'REMOVE', fields: [], conflicts: [], isConflict: !isSame(base, target) };
  }
  return undefined;
}

interface Choice {
  apply: boolean;
  take: readonly Field[];
}

/** The unit after the plan was applied with this choice. */
function merged(three: Three, row: Expected, choice: Choice): Three {
  const { base, source, target } = three;
  if (row.action === 'UPDATE' && source && target) {
    if (!choice.apply) return { ...three, base: asLeft(base, source, row.fields) };
    const taken = row.fields.filter((field) => choice.take.includes(field));
    const left = row.fields.filter((field) => !taken.includes(field) && !row.conflicts.includes(field));
    return { source, target: { ...target, ...part(source, taken) }, base: asLeft(base, source, left) };
  }
  if (choice.apply) return { base: source, source, target: source };
  // A conflict that was decided for the target is done with; anything else was left out.
  return row.isConflict ? { ...three, base: source } : three;
}

const part = (unit: Unit, fields: readonly Field[]) =>
  Object.fromEntries(fields.map((field) => [field, unit[field]]));

/** The ancestor is what was merged, but for fields that were left out. */
const asLeft = (base: Unit | null, source: Unit, left: readonly Field[]): Unit => ({
  ...source,
  ...part(base ?? BLANK, left),
});

const unitArb: fc.Arbitrary<Unit> = fc.record({
  NAME: fc.constantFrom('A', 'B', 'C'),
  CODE: fc.constantFrom('', '1', '2'),
  STATUS: fc.constantFrom('NEW', 'VALID'),
});
const laterArb = (base: Unit | null) => fc.option(base ? fc.oneof(fc.constant(base), unitArb) : unitArb);
/** Nothing in a unit's first version is as the ancestor of nothing. */
const threeArb: fc.Arbitrary<Three> = fc
  .option(unitArb)
  .chain((base) => fc.record({ base: fc.constant(base), source: laterArb(base), target: laterArb(base) }));
const choiceArb: fc.Arbitrary<Choice> = fc.record({ apply: fc.boolean(), take: fc.subarray([...FIELDS]) });
const worldArb = fc.array(fc.record({ three: threeArb, choice: choiceArb }), { minLength: 8, maxLength: 16 });

const contentOf = (unit: Unit) =>
  Object.fromEntries(FIELDS.map((field) => [KEY[field], unit[field]])) as Record<string, string>;

/** The two sources as their edits left them; units are found again by their reference. */
async function twoSides(units: readonly Three[]) {
  const [source, target] = [await story.source(), await story.source()];
  const root = await story.unit(source.id, { name: 'Root', reference: 'root' });
  const create = (sourceId: string, unit: Unit, index: number, parentId: string) =>
    story.unit(sourceId, { ...contentOf(unit), reference: `unit ${index}`, parentId });
  for (const [index, { base }] of units.entries()) {
    if (base) await create(source.id, base, index, root.unitId);
  }
  const first = await story.release(source.id);
  const { version } = await merging.copy(first.id, target.id);
  const [theirs, ours] = [await byReference(first.id), await byReference(version.id)];
  const become = async (side: { id: string }, own: Map<string, Data>, index: number, unit: Unit | null) => {
    const there = own.get(`unit ${index}`);
    if (!there) return unit && create(side.id, unit, index, own.get('root')?.unitId);
    return unit ? story.edit(there, contentOf(unit)) : story.remove(there);
  };
  for (const [index, unit] of units.entries()) {
    await become(source, theirs, index, unit.source);
    await become(target, ours, index, unit.target);
  }
  // Something is released even where chance edited nothing.
  await story.unit(source.id, { name: 'Witness', reference: 'witness', parentId: root.unitId });
  return { second: await story.release(source.id), target, draft: version.id };
}

const byReference = async (version: string): Promise<Map<string, Data>> =>
  new Map((await story.states(version)).map((state: Data) => [state.reference, state]));

const indexOf = (row: Data) => (row.source ?? row.target).reference as string;

/** The rows of a plan but for the witness, in the words of the oracle. */
const told = (plan: Data) =>
  Object.fromEntries(
    plan.rows.nodes
      .filter((row: Data) => indexOf(row) !== 'witness')
      .map((row: Data) => [
        indexOf(row),
        {
          action: row.action,
          isConflict: row.isConflict,
          ...(row.action === 'UPDATE'
            ? {
                fields: row.fields.map(({ field }: Data) => field),
                conflicts: row.fields
                  .filter((field: Data) => field.isConflict)
                  .map(({ field }: Data) => field),
              }
            : {}),
        },
      ]),
  );

const foretold = (units: readonly Three[]) =>
  Object.fromEntries(
    units.flatMap((three, index) => {
      const row = expected(three);
      if (!row) return [];
      const { action, isConflict, fields, conflicts } = row;
      return [
        [
          `unit ${index}`,
          { action, isConflict, ...(action === 'UPDATE' ? { fields, conflicts } : {}) },
        ] as const,
      ];
    }),
  );

it('a plan says what the rules say, does what was chosen, and the next one offers what was left out and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(worldArb, async (world) => {
      const units = world.map(({ three }) => three);
      const { second, target, draft } = await twoSides(units);
      const plan = await merging.planOf(second, target);
      expect(told(plan)).toEqual(foretold(units));
      const positions = new Map<string, number>(
        plan.rows.nodes.map((row: Data) => [indexOf(row), row.position]),
      );
      const after = world.map(({ three, choice }) => {
        const row = expected(three);
        return row ? merged(three, row, choice) : { ...three, base: three.source };
      });
      const decisions = world.flatMap(({ three, choice }, index) => {
        const row = expected(three);
        const position = positions.get(`unit ${index}`);
        if (!row || position === undefined) return [];
        const take = row.fields.filter((field) => choice.take.includes(field));
        return [
          row.action === 'UPDATE' && choice.apply ? { position, take } : { position, apply: choice.apply },
        ];
      });
      expect((await merging.decide(plan.id, decisions)).errors).toEqual([]);
      await resultOf(registry, await merging.apply(plan.id));
      const there = await byReference(draft);
      for (const [index, three] of after.entries()) {
        const state = there.get(`unit ${index}`);
        expect(state && unitOf(state)).toEqual(three.target ?? undefined);
      }
      const next = await merging.planOf(second, target);
      expect(told(next)).toEqual(foretold(after));
      // Everything taken, nothing is left, however often it is asked again.
      await merging.decide(next.id, [], 'SOURCE');
      const open = next.rows.nodes.filter((row: Data) => !row.isApplied && !row.isConflict);
      expect(open).toEqual([]);
      await resultOf(registry, await merging.apply(next.id));
      const last = await merging.planOf(second, target);
      expect(last.rows.nodes).toEqual([]);
      expect((await resultOf(registry, await merging.apply(last.id))).units).toEqual({
        added: 0,
        changed: 0,
        removed: 0,
      });
    }),
    { numRuns: 5 },
  );
});

const unitOf = (state: Data): Unit =>
  Object.fromEntries(FIELDS.map((field) => [field, state[KEY[field]]])) as Unit;
