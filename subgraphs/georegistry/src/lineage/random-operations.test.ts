/**
 * Whatever is split, merged, replaced, closed, reopened, taken back, released or discarded, in any order: every unit that
 * ever was leads to units that stand, or says how it closed. What is expected is worked out from the list of operations
 * alone, by another way than the database takes.
 */
import fc from 'fast-check';
import { LineageStory, named } from '../testing/lineage';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(240_000);

let registry: TestRegistry;
let story: Story;
let lineage: LineageStory;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  lineage = new LineageStory(registry);
});
afterAll(() => registry.close());

interface Operation {
  id: string;
  ended: string[];
  successors: string[];
  kind: string;
}

type Ending = 'CLOSED' | 'REMOVED';

/** A source as the test knows it: the operations in their order, and every unit that ever was. */
class Sequence {
  operations: Operation[] = [];
  /** As of the last release. */
  private kept: Operation[] = [];
  readonly known = new Set<string>();
  private day = 0;

  constructor(
    readonly sourceId: string,
    readonly rootId: string,
    readonly groups: string[],
  ) {}

  async newest(): Promise<string> {
    const { dataSource } = await registry.data(
      'query ($id: ID!) { dataSource(id: $id) { draft { id } currentVersion { id } } }',
      { id: this.sourceId },
    );
    return dataSource.draft?.id ?? dataSource.currentVersion.id;
  }

  /** Units below the root that stand. */
  async open(): Promise<Data[]> {
    const states = await story.states(await this.newest());
    return states.filter(({ unitId, closedDate }) => unitId !== this.rootId && closedDate === null);
  }

  nextDay(): string {
    this.day++;
    return new Date(Date.UTC(2026, 0, 1 + this.day)).toISOString().slice(0, 10);
  }

  done({ id, kind, ending, predecessors, successors }: Data, along: string[] = []): void {
    const ended = ending === 'KEPT' ? [] : predecessors.map(({ unitId }: Data) => unitId);
    const ids = successors.map(({ unitId }: Data) => unitId);
    this.operations.push({ id, kind, ended: [...ended, ...along], successors: ids });
    for (const unitId of ids) this.known.add(unitId);
  }

  release(): void {
    this.kept = [...this.operations];
  }

  discard(): void {
    this.operations = [...this.kept];
  }

  /** The units that stand for one: after the last operation that ended it come only later ones. */
  standing(unitId: string, stands: ReadonlySet<string>, from = 0): Set<string> {
    if (stands.has(unitId)) return new Set([unitId]);
    const last = this.operations.findLastIndex(({ ended }, at) => at >= from && ended.includes(unitId));
    const next = last < 0 ? [] : (this.operations[last]?.successors ?? []);
    return new Set(next.flatMap((id) => [...this.standing(id, stands, last + 1)]));
  }
}

const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length] as Item;
const isAbove = (unit: Data, other: Data, states: readonly Data[]): boolean => {
  for (let at: Data = other; at; at = states.find(({ unitId }) => unitId === at.parent?.unitId))
    if (at.unitId === unit.unitId) return true;
  return false;
};

type Step = (sequence: Sequence, at: number, ending: Ending) => Promise<void>;

const STEPS: Record<string, Step> = {
  split: async (sequence, at, ending) => {
    const units = await sequence.open();
    if (units.length === 0) return;
    const into = [`S${at}`, `T${at}`].map((name) => ({ create: { name } }));
    const more = { ending: at % 3 === 0 ? 'KEPT' : ending, otherChildrenTo: at % 2 };
    sequence.done(await lineage.split(pick(units, at), into, { ...more, effectiveOn: sequence.nextDay() }));
  },
  merge: async (sequence, at, ending) => {
    const units = await sequence.open();
    const first = pick(units, at);
    const second = units.find((unit) => !isAbove(unit, first, units) && !isAbove(first, unit, units));
    if (!first || !second) return;
    const effectiveOn = sequence.nextDay();
    sequence.done(
      at % 2 === 0
        ? await lineage.merge([first, second], { create: { name: `M${at}` } }, { ending, effectiveOn })
        : await lineage.merge([first], { unit: named(second) }, { ending, effectiveOn }),
    );
  },
  replace: async (sequence, at, ending) => {
    const units = await sequence.open();
    if (units.length === 0) return;
    const by = { create: { name: `R${at}`, groupIds: [pick(sequence.groups, at)] } };
    sequence.done(await lineage.replace(pick(units, at), by, { ending, effectiveOn: sequence.nextDay() }));
  },
  close: async (sequence, at) => {
    const units = await sequence.open();
    if (units.length === 0) return;
    const unit = pick(units, at);
    const below = units.filter((other) => other !== unit && isAbove(unit, other, units));
    const done = await lineage.close(unit, { children: 'CLOSE', effectiveOn: sequence.nextDay() });
    expect(done.closedAlong).toBe(below.length);
    sequence.done(
      done,
      below.map(({ unitId }) => unitId),
    );
  },
  reopen: async (sequence, at) => {
    const states = await story.states(await sequence.newest());
    const closed = states.filter(({ closedDate }) => closedDate !== null);
    if (closed.length > 0) await story.edit(pick(closed, at), { closedDate: null });
  },
  undo: async (sequence) => {
    const last = sequence.operations.at(-1);
    if (!last) return;
    const { code } = await registry.ask('mutation ($id: ID!) { undoLineage(id: $id) { version { id } } }', {
      id: last.id,
    });
    if (code === undefined) sequence.operations.pop();
    else expect(code).toBe('CONFLICT');
  },
  release: async (sequence) => {
    const { code } = await registry.ask('mutation ($id: ID!) { releaseVersion(dataSource: $id) { id } }', {
      id: sequence.sourceId,
    });
    if (code === undefined) sequence.release();
  },
  discard: async (sequence) => {
    const { code } = await registry.ask(
      'mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits } }',
      { id: sequence.sourceId },
    );
    if (code === undefined) sequence.discard();
  },
};

async function begin(): Promise<Sequence> {
  const source = await story.source();
  const { a, b } = await registry.data(
    `mutation ($a: CreateGroupInput!, $b: CreateGroupInput!) {
      a: createGroup(input: $a) { id } b: createGroup(input: $b) { id } }`,
    { a: { dataSourceId: source.id, name: 'a' }, b: { dataSourceId: source.id, name: 'b' } },
  );
  const groups = [a.id, b.id];
  await registry.data('mutation ($input: CreateGroupSetInput!) { createGroupSet(input: $input) { id } }', {
    input: { dataSourceId: source.id, name: 'one of', membership: 'SINGLE', groupIds: groups },
  });
  const root = await story.unit(source.id, { name: 'Root', openingDate: '2020-01-01' });
  const sequence = new Sequence(source.id, root.unitId, groups);
  for (const n of [0, 1, 2]) {
    const input = {
      name: `D${n}`,
      parentId: root.unitId,
      openingDate: '2020-01-01',
      groupIds: [pick(groups, n)],
    };
    const district = await story.unit(source.id, input);
    const clinic = await story.unit(source.id, { name: `C${n}`, parentId: district.unitId });
    sequence.known.add(district.unitId);
    sequence.known.add(clinic.unitId);
  }
  await story.release(source.id);
  return sequence;
}

async function expectAllAnswered(sequence: Sequence): Promise<void> {
  const version = await sequence.newest();
  const states = await story.states(version);
  const stands = new Set<string>(
    states.filter(({ closedDate }) => closedDate === null).map(({ unitId }) => unitId),
  );
  const ids = [...sequence.known];
  const { standingOrgUnits } = await registry.data(
    `query ($s: ID!, $v: ID!, $ids: [ID!]!) { standingOrgUnits(dataSource: $s, version: $v, ids: $ids) {
      unitId standing { unitId } } }`,
    { s: sequence.sourceId, v: version, ids },
  );
  expect(standingOrgUnits).toHaveLength(ids.length);
  for (const { unitId, standing } of standingOrgUnits) {
    const found = standing.map((unit: Data) => unit.unitId).sort();
    expect({ unitId, found }).toEqual({ unitId, found: [...sequence.standing(unitId, stands)].sort() });
    if (found.length > 0) continue;
    const { endedBy } = await lineage.of(unitId, version);
    const isKnownEnd = sequence.operations.some(({ ended }) => ended.includes(unitId));
    // One that came and went with a discarded draft is of no operation.
    expect(endedBy !== null).toBe(isKnownEnd);
  }
  for (const { groups } of states) expect(groups.length).toBeLessThanOrEqual(1);
}

it('every unit leads to what stands in its place, or says how it closed', async () => {
  const steps = fc.array(
    fc.record({
      // Mostly operations.
      step: fc.constantFrom(
        'split',
        'merge',
        'merge',
        'replace',
        'replace',
        'close',
        'reopen',
        'undo',
        'release',
        'discard',
      ),
      at: fc.nat(11),
      ending: fc.constantFrom<Ending>('CLOSED', 'REMOVED'),
    }),
    { minLength: 6, maxLength: 14 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (sequenceOfSteps) => {
      const sequence = await begin();
      for (const { step, at, ending } of sequenceOfSteps) {
        await STEPS[step]?.(sequence, at, ending);
        await expectAllAnswered(sequence);
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
