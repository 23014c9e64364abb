/** The data source that an account begins with. Asked for when the account is set up; an operator is nobody in it. */
import { defineJob, setUpSource } from '@iroko/jobs';
import { createSource } from './edit-source';

export const setUpSourceJob = defineJob<{ name: string }, { dataSourceId: string }>({
  ...setUpSource,
  handler: (job, { name }) =>
    job.complete(async (tx) => ({ dataSourceId: (await createSource(tx, { name })).id })),
});
