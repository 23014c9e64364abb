/**
 * The import within its transaction: rows are staged before the draft is locked, then matched, placed in one tree and
 * written. Whatever goes wrong, the transaction leaves the tree as it was.
 */
import type { AccountTransaction } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { ImportMapping } from './mapping';
import { hasUnits } from './matching/existing.sql';
import { matchUnits, PASSES, type Pass } from './matching/match-units';
import { matchCounts } from './matching/passes.sql';
import { countDefects, firstDefects } from './quarantine/quarantine.sql';
import type { ImportReport } from './report';
import { ImportRules } from './rules/apply-rules';
import type { StagedCounts } from './staging/stage-table';
import { analyze, createStaging } from './staging/staging.sql';
import { placeUnits } from './tree/place-units';
import {
  createNodes,
  dropDuplicates,
  droppedLines,
  indexReferences,
  mergeImpliedAncestors,
  pruneAncestors,
} from './tree/rows.sql';
import {
  addChanged,
  addRemoved,
  countChanges,
  createChanges,
  createPlaced,
  replacedKinds,
  reversedDates,
} from './writing/changes.sql';
import { createShapes, createTypesAndGroups, findTypesAndGroups } from './writing/records.sql';
import { insertUnits, takeNumbers, writeChanges } from './writing/write.sql';

const REPORTED_DUPLICATES = 1000;
const REPORTED_DEFECTS = 100;

export interface ImportPlan {
  dataSourceId: string;
  mapping: ImportMapping;
  dryRun: boolean;
  /** Any defect refuses the file. */
  strict: boolean;
  /** Units that the file does not hold stay; otherwise they are removed. */
  keepAbsent: boolean;
  byReferenceOnly: boolean;
  readAs: ImportReport['readAs'];
}

export interface ImportSteps {
  /** Fills the staging tables from the file. */
  stage(tx: AccountTransaction): Promise<StagedCounts>;
  /** Locks the draft and answers it, with the label of the next new unit; for a dry run nothing is locked. */
  lock(tx: AccountTransaction): Promise<{ draft: { id: string; number: number } | null; nextNumber: number }>;
  /** Says what is being done; may throw to stop. */
  say(step: string): Promise<void>;
}

/** The report lacks the quarantine's file: its rows stand in `import_defect` until the transaction ends. */
export async function runImport(
  tx: AccountTransaction,
  plan: ImportPlan,
  steps: ImportSteps,
): Promise<ImportReport> {
  const { mapping, dataSourceId } = plan;
  const scope = { dataSourceId };
  const clock = stopwatch();
  await createStaging(tx);
  const staged = await steps.stage(tx);
  clock.lap('stage');
  await steps.say('Looking for duplicates and parents');
  await analyze(tx, 'import_row');
  const dropped = await dropDuplicates(tx);
  await indexReferences(tx, mapping.reference ?? 'reference');
  await mergeImpliedAncestors(tx);
  await createNodes(tx);
  clock.lap('nodes');
  const { draft, nextNumber } = await steps.lock(tx);
  await steps.say('Matching with the units there are');
  const known = await hasUnits(tx, scope);
  await findTypesAndGroups(tx, scope);
  await matchUnits(tx, scope, mapping, { hasUnits: known, byReferenceOnly: plan.byReferenceOnly });
  if (staged.defects > 0) await pruneAncestors(tx);
  clock.lap('match');
  await steps.say('Building the tree');
  const rules = new ImportRules(tx, scope, mapping);
  const kept = await placeUnits(tx, scope, {
    mapping,
    rules,
    nextNumber,
    keepAbsent: plan.keepAbsent,
    hasUnits: known,
    breathe: () => steps.say('Building the tree'),
  });
  clock.lap('tree');
  const reasons = await countDefects(tx);
  if (plan.strict && reasons.length > 0) throw await strictRefusal(tx, reasons);
  await steps.say('Comparing');
  await createPlaced(tx);
  const records = await createTypesAndGroups(tx, scope);
  await createChanges(tx);
  if (known) {
    await addChanged(tx, mapping);
    if (!plan.keepAbsent) await addRemoved(tx, scope);
  }
  await analyze(tx, 'import_change');
  const counts = await countChanges(tx);
  if (known) await refuseReversedDates(tx, mapping);
  clock.lap('compare');
  const hasChanges = counts.added + counts.changed + counts.removed + counts.pathsOnly > 0;
  if (!plan.dryRun && draft && hasChanges) {
    await steps.say(`Writing ${counts.added + counts.changed + counts.removed} changes`);
    await createShapes(tx);
    await insertUnits(tx, scope);
    if (counts.lastNumber !== null) await takeNumbers(tx, scope, counts.lastNumber + 1);
    clock.lap('units');
    await writeChanges(
      tx,
      { dataSourceId, draft: draft.number },
      mapping,
      await replacedKinds(tx, draft.number),
    );
    clock.lap('write');
  }
  return {
    dryRun: plan.dryRun,
    dataSourceId,
    version: draft && { id: draft.id, number: draft.number },
    readAs: plan.readAs,
    rows: staged.rows,
    ancestors: staged.ancestors,
    units: {
      added: counts.added,
      changed: counts.changed,
      moved: counts.moved,
      removed: counts.removed,
      same: counts.landed - counts.added - counts.changed,
      kept,
    },
    matched: await matchedByPass(tx),
    types: { added: records.types },
    groups: { added: records.groups },
    duplicates: { count: dropped, lines: await droppedLines(tx, REPORTED_DUPLICATES) },
    quarantine: {
      count: reasons.reduce((sum, { count }) => sum + count, 0),
      reasons: Object.fromEntries(reasons.map(({ reason, count }) => [reason, count])),
      rows: await firstDefects(tx, REPORTED_DEFECTS),
      fileId: null,
    },
    violations: rules.violations,
    milliseconds: clock.laps,
  };
}

async function matchedByPass(tx: AccountTransaction): Promise<Record<Pass, number>> {
  const counts = new Map((await matchCounts(tx)).map(({ pass, count }) => [pass, count]));
  return Object.fromEntries(PASSES.map((name, i) => [name, counts.get(i + 1) ?? 0])) as Record<Pass, number>;
}

async function strictRefusal(
  tx: AccountTransaction,
  reasons: { reason: string; count: number }[],
): Promise<Error> {
  const [first] = await firstDefects(tx, 1);
  const summary = reasons.map(({ reason, count }) => `${reason} ${count}`).join(', ');
  const where = first
    ? ` The first: row ${first.line}${first.column ? `, column ${JSON.stringify(first.column)}` : ''}: ${first.message}`
    : '';
  return badInput(
    `The file has rows that cannot be taken (${summary}), and a strict import takes all or none.${where}`,
    {
      reasons: Object.fromEntries(reasons.map(({ reason, count }) => [reason, count])),
    },
  );
}

async function refuseReversedDates(tx: AccountTransaction, mapping: ImportMapping): Promise<void> {
  const rows = await reversedDates(tx, mapping);
  if (rows.length === 0) return;
  throw badInput(
    `Row ${rows.map(({ line }) => line).join(', ')}: with the date of the file the unit would close before it opens. Map both dates, or correct the row.`,
    { path: ['mapping'] },
  );
}

function stopwatch(): { laps: Record<string, number>; lap(name: string): void } {
  let last = performance.now();
  const laps: Record<string, number> = {};
  return {
    laps,
    lap(name) {
      laps[name] = Math.round(performance.now() - last);
      last = performance.now();
    },
  };
}
