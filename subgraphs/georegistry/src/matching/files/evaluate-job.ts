/** The job that judges the links between a run's two sources by a labelled file. It writes nothing but its result. */
import { badInput, notFound } from '@iroko/errors';
import type { Files } from '@iroko/files';
import { defineJob } from '@iroko/jobs';
import { writeCsv } from '@iroko/tabular';
import { z } from 'zod';
import { LINK_STATUSES, type LinkStatus } from '../../links/link';
import { runsById } from '../match-run.sql';
import { type Evaluation, evaluate } from './evaluate';
import { linksOfRun } from './evaluate.sql';
import { readPairs } from './pair-file';
import type { NamedBy } from './pair-units.sql';
import { namedUnits } from './upload-job';

const ERRORS_SHOWN = 100;

export interface EvaluateInput {
  runId: string;
  fileId: string;
  by: NamedBy;
  statuses: LinkStatus[];
}

export interface EvaluationResult extends Evaluation {
  /** All errors as CSV, kept for a day; null when there are none. `errors` has the first 100. */
  errorsFileId: string | null;
}

export const evaluateRun = defineJob<EvaluateInput, EvaluationResult, { files: Files }>({
  name: 'georegistry.evaluate-match-run',
  input: z.object({
    runId: z.string(),
    fileId: z.string(),
    by: z.enum(['ID', 'REFERENCE']),
    statuses: z.array(z.enum(LINK_STATUSES)),
  }),
  permission: 'links.match',
  handler: async (job, { runId, fileId, by, statuses }, { files }) => {
    const [run] = await runsById(job.db, [runId]);
    if (!run) throw notFound('MatchRun', runId);
    const rows = await readPairs(job.db, files, fileId);
    const left = await namedUnits(job.db, run.leftSourceId, by, rows, 'left');
    const right = await namedUnits(job.db, run.rightSourceId, by, rows, 'right');
    const labels = new Map<string, string | null>();
    const texts = new Map<string, string>();
    for (const row of rows) {
      const unit = left.get(row.left) ?? left.get(row.left.toLowerCase());
      const other = row.right === '' ? null : (right.get(row.right) ?? right.get(row.right.toLowerCase()));
      if (
        unit?.dataSourceId !== run.leftSourceId ||
        (other && other.dataSourceId !== run.rightSourceId) ||
        other === undefined
      ) {
        const side = unit?.dataSourceId === run.leftSourceId ? 'right' : 'left';
        throw badInput(
          `Row ${row.line}: ${side} is ${JSON.stringify(row[side])}, which is no unit of the ${side} source of the run. Labels name units by ${by}.`,
          { line: row.line, column: side },
        );
      }
      texts.set(unit.id, row.left);
      if (other) texts.set(other.id, row.right);
      labels.set(unit.id, other?.id ?? null);
    }
    const links = await linksOfRun(job.db, run, statuses);
    const found = evaluate(labels, new Map(links.map(({ unitId, otherUnitId }) => [unitId, otherUnitId])));
    const shown = (id: string | null) => (id === null ? null : (texts.get(id) ?? id));
    const errors = found.errors.map(({ kind, left: unit, linked, expected }) => ({
      kind,
      left: shown(unit) as string,
      linked: shown(linked),
      expected: shown(expected),
    }));
    async function* cells() {
      yield errors.map(({ kind, left: unit, linked, expected }) => [
        kind,
        unit,
        linked ?? '',
        expected ?? '',
      ]);
    }
    const csv = writeCsv(['kind', 'left', 'linked', 'expected'], cells());
    const file =
      errors.length === 0
        ? null
        : await files.store(job.db, csv, { name: 'errors of a match run.csv', contentType: 'text/csv' });
    return { ...found, errors: errors.slice(0, ERRORS_SHOWN), errorsFileId: file?.id ?? null };
  },
});
