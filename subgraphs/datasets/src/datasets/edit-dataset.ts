/** Changing what a dataset is called, and finding it. */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, isId, isViolation } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkedDescription, checkedName } from '../loads/load-job';
import { type DatasetRecord, datasetsByIds, lockDataset, updateDatasetRow } from './dataset.sql';

/** The dataset, or NOT_FOUND. */
export async function datasetById(db: AccountDatabase, id: string): Promise<DatasetRecord> {
  const [dataset] = isId(id) ? await datasetsByIds(db, [id]) : [];
  if (!dataset) throw notFound('Dataset', id);
  return dataset;
}

export interface DatasetChanges {
  id: string;
  expectedRevision: number;
  name?: string | null;
  description?: string | null;
}

export async function updateDataset(db: AccountDatabase, changes: DatasetChanges): Promise<void> {
  const name = changes.name == null ? undefined : checkedName(changes.name);
  const description = changes.description == null ? undefined : checkedDescription(changes.description);
  try {
    await db.transaction(async (tx) => {
      const dataset = isId(changes.id) ? await lockDataset(tx, changes.id) : undefined;
      if (!dataset) throw notFound('Dataset', changes.id);
      const before = { name: dataset.name, description: dataset.description };
      const after = {
        name: name ?? dataset.name,
        description: description === undefined ? dataset.description : description,
      };
      const differing = (['name', 'description'] as const).filter((field) => before[field] !== after[field]);
      if (dataset.revision !== changes.expectedRevision) {
        throw conflict('Somebody changed the dataset meanwhile. Read it again and repeat your change.', {
          expectedRevision: changes.expectedRevision,
          actualRevision: dataset.revision,
          fields: differing,
        });
      }
      if (differing.length === 0) return;
      await updateDatasetRow(tx, { id: dataset.id, ...after, nameKey: textKey(after.name) });
      await recordChange(tx, {
        subjectType: 'Dataset',
        subjectId: dataset.id,
        action: 'UPDATE',
        before,
        after,
      });
    });
  } catch (error) {
    if (!isViolation(error, 'dataset_name_unique')) throw error;
    throw conflict(`There is a dataset called ${JSON.stringify(name)} already.`, { fields: ['name'] });
  }
}
