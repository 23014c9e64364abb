/** What a person does about waiting rows: corrects cells, or says which unit a value means. */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId } from '@iroko/database';
import { badInput, failedOutcome, limitExceeded, notFound, type Outcome, okOutcome } from '@iroko/errors';
import { enqueue } from '@iroko/jobs';
import { requireEveryUnit } from '@iroko/viewer';
import { type DatasetRecord, lockDataset, type VersionRecord } from '../datasets/dataset.sql';
import { saveDecision, type WaitingRow, waitingRows } from '../loads/load-rows.sql';
import { lookupKey } from '../units/resolve-units';
import { unitsById } from '../units/units.sql';
import { replayJob } from './replay-job';
import { type CellsOfRow, currentVersion, tryRows } from './replay-rows';

const BATCH_MAX = 1000;

export interface CellCorrection {
  /** The key of the field. */
  field: string;
  value: string;
}

export interface RowCorrection {
  number: number;
  cells: CellCorrection[];
  /** Leave out what stands beyond the headings. */
  withoutSurplus?: boolean | null;
}

/** Corrects waiting rows and tries them at once; an outcome for each. */
export async function correctRows(
  db: AccountDatabase,
  datasetId: string,
  corrections: readonly RowCorrection[],
): Promise<Outcome[]> {
  demandFew(corrections.length, 'rows');
  return db.transaction(async (tx) => {
    const { dataset, version } = await lockedVersion(tx, datasetId);
    const numbers = corrections.map(({ number }) => number);
    const waiting = await waitingRows(tx, dataset.id, version.number, 0, BATCH_MAX, numbers);
    const cellsOf = new Map(waiting.map(({ number, cells }) => [number, cells]));
    const refused = new Map<number, Outcome>();
    const rows: CellsOfRow[] = [];
    corrections.forEach((correction, index) => {
      const cells = cellsOf.get(correction.number);
      const applied = cells && withCorrections(cells, correction, version);
      if (!applied) {
        const message = cells
          ? `Row ${correction.number} has no such field.`
          : `No row ${correction.number} waits in the current version.`;
        refused.set(index, failedOutcome(badInput(message, { path: ['rows', String(index)] })));
      } else {
        // Two corrections of one row build on each other.
        cellsOf.set(correction.number, applied);
      }
    });
    const touched = new Set(
      corrections.filter((_, index) => !refused.has(index)).map(({ number }) => number),
    );
    for (const number of touched) rows.push({ number, cells: cellsOf.get(number) as string[] });
    const { waiting: still } = await tryRows(tx, dataset, version, rows);
    if (rows.length > 0) await recordCorrection(tx, dataset, version, [...touched]);
    return corrections.map(
      ({ number }, index) => refused.get(index) ?? outcomeOf(still.find((row) => row.number === number)),
    );
  });
}

function withCorrections(
  cells: readonly string[],
  { cells: changes, withoutSurplus }: RowCorrection,
  { fields }: VersionRecord,
): string[] | undefined {
  const corrected = withoutSurplus ? cells.slice(0, fields.length) : [...cells];
  for (const { field, value } of changes) {
    const slot = fields.find(({ key }) => key === field)?.slot;
    if (slot === undefined) return undefined;
    corrected[slot] = value;
  }
  return corrected;
}

function outcomeOf(row: WaitingRow | undefined): Outcome {
  if (!row) return okOutcome;
  const message = row.defects.map((defect) => defect.message).join(' ');
  return {
    ok: false,
    code: 'BAD_USER_INPUT',
    path: null,
    message: `Row ${row.number} still waits: ${message}`,
  };
}

const recordCorrection = (
  tx: AccountTransaction,
  dataset: DatasetRecord,
  version: VersionRecord,
  rows: number[],
) =>
  recordChange(tx, {
    subjectType: 'Dataset',
    subjectId: dataset.id,
    action: 'CORRECT',
    before: null,
    after: { version: version.number, rows },
  });

export interface UnitDecision {
  value: string;
  orgUnitId: string;
}

/**
 * Remembers which units values mean, for this file and those to come. The waiting rows are tried by a job; returns
 * its id with an outcome per decision.
 */
export async function decideUnits(
  db: AccountDatabase,
  datasetId: string,
  decisions: readonly UnitDecision[],
): Promise<{ outcomes: Outcome[]; jobId: string }> {
  demandFew(decisions.length, 'decisions');
  return db.transaction(async (tx) => {
    const { dataset } = await lockedVersion(tx, datasetId);
    const { unitBy } = dataset;
    if (unitBy === null) {
      throw badInput('The dataset has no unit column, so there is nothing to decide.', {
        path: ['datasetId'],
      });
    }
    const ids = decisions.map(({ orgUnitId }) => orgUnitId).filter(isId);
    const known = new Set((await unitsById(tx, ids)).map(({ unitId }) => unitId));
    const outcomes: Outcome[] = [];
    for (const [index, { value, orgUnitId }] of decisions.entries()) {
      const path = ['decisions', String(index)];
      if (!known.has(orgUnitId.toLowerCase()))
        outcomes.push({ ...failedOutcome(notFound('OrgUnit', orgUnitId)), path });
      else if (value.trim() === '')
        outcomes.push(failedOutcome(badInput('An empty value names no unit.', { path })));
      else {
        await saveDecision(tx, {
          datasetId: dataset.id,
          valueKey: lookupKey(value, unitBy),
          value,
          unitId: orgUnitId,
        });
        outcomes.push(okOutcome);
      }
    }
    await recordChange(tx, {
      subjectType: 'Dataset',
      subjectId: dataset.id,
      action: 'DECIDE_UNITS',
      before: null,
      after: { decisions: decisions.filter((_, index) => outcomes[index]?.ok) },
    });
    return { outcomes, jobId: await enqueue(tx, replayJob, { datasetId: dataset.id }) };
  });
}

/** Asks for all waiting rows to be tried again. Returns the job's id. */
export async function replayDataset(db: AccountDatabase, datasetId: string): Promise<string> {
  return db.transaction(async (tx) => {
    const { dataset } = await lockedVersion(tx, datasetId);
    return enqueue(tx, replayJob, { datasetId: dataset.id });
  });
}

async function lockedVersion(
  tx: AccountTransaction,
  datasetId: string,
): Promise<{ dataset: DatasetRecord; version: VersionRecord }> {
  requireEveryUnit(tx.actor, 'What waits in quarantine');
  const dataset = isId(datasetId) ? await lockDataset(tx, datasetId) : undefined;
  const version = dataset && (await currentVersion(tx, dataset));
  if (!dataset || !version) throw notFound('Dataset', datasetId);
  return { dataset, version };
}

function demandFew(count: number, name: string): void {
  if (count > BATCH_MAX) throw limitExceeded(`At most ${BATCH_MAX} ${name} at once.`, name, BATCH_MAX, count);
}
