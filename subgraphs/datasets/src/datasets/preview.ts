/** A look at the beginning of a file, before anything is made of it. */
import type { AccountDatabase } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { Files } from '@iroko/files';
import { requireEveryUnit } from '@iroko/viewer';
import { openTable } from '../source-files/open-table';
import { type ReadingChoices, readingChoices } from '../source-files/reading';
import { scanTable } from '../source-files/scan-table';
import type { DatasetPreview } from './dataset.inputs';

const SAMPLE_ROWS = 1000;

export async function previewDataset(
  files: Files,
  db: AccountDatabase,
  fileId: string,
  choices: ReadingChoices,
): Promise<DatasetPreview> {
  requireEveryUnit(db.actor, 'A dataset');
  const checked = readingChoices.safeParse(choices);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw badInput(`reading.${issue?.path.join('.')}: ${issue?.message}.`, { path: ['reading'] });
  }
  const table = await openTable(files, db, fileId, checked.data);
  try {
    const { columns, rowCount } = await scanTable(table, { rowsMax: SAMPLE_ROWS });
    return { reading: table.reading, columns: columns.filter(({ isEmpty }) => !isEmpty), rowCount };
  } finally {
    await table.dispose();
  }
}
