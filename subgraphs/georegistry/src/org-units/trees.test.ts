import { newId } from '@iroko/database';
import fc from 'fast-check';
import { createSource } from '../sources/edit-source';
import { SourceModel } from '../testing/model';
import { type TestRegistry, testRegistry } from '../testing/registry';
import { discardVersion } from '../versions/discard-version';
import { releaseVersion } from '../versions/edit-version';
import { createUnit, updateUnit } from './edit-unit';
import { removeUnit } from './remove-unit';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry();
});
afterAll(() => registry.close());

interface Step {
  do: 'create' | 'rename' | 'move' | 'remove' | 'removeAll' | 'release' | 'discard';
  unit: number;
  other: number;
  name: string;
}

const step = fc.record<Step>({
  do: fc.oneof(
    { weight: 6, arbitrary: fc.constant('create' as const) },
    { weight: 3, arbitrary: fc.constant('rename' as const) },
    { weight: 5, arbitrary: fc.constant('move' as const) },
    { weight: 2, arbitrary: fc.constant('remove' as const) },
    { weight: 1, arbitrary: fc.constant('removeAll' as const) },
    { weight: 3, arbitrary: fc.constant('release' as const) },
    { weight: 1, arbitrary: fc.constant('discard' as const) },
  ),
  unit: fc.nat(),
  other: fc.nat(),
  name: fc.constantFrom('a', 'b', 'c'),
});

/** Revisions are tracked here, since an edit must say which it began from. */
class Play {
  readonly model = new SourceModel();

  constructor(
    readonly registry: TestRegistry,
    readonly sourceId: string,
  ) {}

  async run(step: Step): Promise<void> {
    const { db } = this.registry;
    const units = [...this.model.newest().keys()];
    const unit = units[step.unit % Math.max(1, units.length)];
    const other = units[step.other % (units.length + 1)] ?? null;
    if (step.do === 'release') {
      if (!this.model.draft) return;
      await releaseVersion(db, this.sourceId, {});
      this.model.release();
    } else if (step.do === 'discard') {
      if (!this.model.draft) return;
      await discardVersion(db, this.sourceId, undefined);
      this.model.discard();
    } else if (step.do === 'create') {
      const made = await createUnit(db, this.sourceId, { name: step.name, parentId: other });
      this.model.editing().set(made.unitId, { name: step.name, parentId: other });
    } else if (unit !== undefined) {
      await this.edit(step, unit, other);
    }
  }

  private async edit(step: Step, unit: string, other: string | null): Promise<void> {
    const { db } = this.registry;
    const below = this.model.below(unit);
    const revision = await this.revision(unit);
    const before = this.model.newest().get(unit);
    if (!before) throw new Error('the model lost a unit');
    if (step.do === 'rename') {
      await updateUnit(db, unit, revision, { name: step.name });
      // An edit that changes nothing opens no draft.
      if (before.name !== step.name) this.model.editing().set(unit, { ...before, name: step.name });
    } else if (step.do === 'move') {
      const moving = updateUnit(db, unit, revision, { parentId: other });
      if (other !== null && below.has(other)) {
        await expect(moving).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      } else {
        await moving;
        if (before.parentId !== other) this.model.editing().set(unit, { ...before, parentId: other });
      }
    } else {
      const removing = removeUnit(db, unit, revision, step.do === 'removeAll');
      if (step.do === 'remove' && below.size > 1) {
        await expect(removing).rejects.toMatchObject({ code: 'CONFLICT' });
      } else {
        await removing;
        const tree = this.model.editing();
        for (const id of below) tree.delete(id);
      }
    }
  }

  private async revision(unit: string): Promise<number> {
    const { rows } = await this.registry.database.pool.query<{ revision: number }>(
      'SELECT revision FROM georegistry.org_unit_state WHERE unit_id = $1 AND to_version IS NULL',
      [unit],
    );
    return rows[0]?.revision ?? 0;
  }

  /** What the database holds of a version, names and parents by unit. */
  async stored(number: number): Promise<Map<string, { name: string; parentId: string | null }>> {
    const { rows } = await this.registry.database.pool.query(
      `SELECT s.unit_id, s.name, s.parent_id FROM georegistry.org_unit_state s
       WHERE s.data_source_id = $1 AND s.from_version <= $2 AND (s.to_version IS NULL OR s.to_version > $2)`,
      [this.sourceId, number],
    );
    const found = new Map(rows.map((row) => [row.unit_id, { name: row.name, parentId: row.parent_id }]));
    expect(found.size).toBe(rows.length);
    return found;
  }

  /** Paths of a version by unit, as lists of numbers. */
  async paths(number: number): Promise<Map<string, string>> {
    const { rows } = await this.registry.database.pool.query(
      `SELECT p.unit_id, encode(p.path, 'hex') AS path FROM georegistry.org_unit_path p
       WHERE p.data_source_id = $1 AND p.from_version <= $2 AND (p.to_version IS NULL OR p.to_version > $2)`,
      [this.sourceId, number],
    );
    const found = new Map(rows.map((row) => [row.unit_id, row.path]));
    expect(found.size).toBe(rows.length);
    return found;
  }
}

async function checkAgainstModel(play: Play): Promise<void> {
  const versions = play.model.versions();
  for (const [index, tree] of versions.entries()) {
    const stored = await play.stored(index + 1);
    const paths = await play.paths(index + 1);
    expect(stored).toEqual(new Map(tree));
    expect([...paths.keys()].sort()).toEqual([...stored.keys()].sort());
    for (const [id, { parentId }] of stored) {
      const path = paths.get(id) ?? '';
      expect(path.slice(0, -8)).toBe(parentId === null ? '' : paths.get(parentId));
    }
  }
}

async function overlaps(table: string): Promise<number> {
  const { rows } = await registry.database.pool.query(
    `SELECT count(*)::int AS count FROM georegistry.${table} a JOIN georegistry.${table} b
     ON a.unit_id = b.unit_id AND a.from_version < b.from_version
     WHERE a.to_version IS NULL OR a.to_version > b.from_version`,
  );
  return rows[0].count;
}

it('after any sequence of edits, releases and discards every version reads as it was made, and is a tree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const source = await createSource(registry.db, { name: `Source ${newId()}` });
      const play = new Play(registry, source.id);
      for (const next of steps) await play.run(next);
      await checkAgainstModel(play);
    }),
    { numRuns: 60 },
  );
  expect(await overlaps('org_unit_state')).toBe(0);
  expect(await overlaps('org_unit_path')).toBe(0);
}, 120_000);
