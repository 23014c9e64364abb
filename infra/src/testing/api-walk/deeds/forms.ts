/**
 * Deeds that change forms, what was sent in, and datasets.
 */
import { VISIT_FORM, visitXml } from '../seeds/submissions';
import type { Deed, Ground } from './ground';
import { newWord } from './people';

const UNKNOWN = 'a place that never was';

/** A dataset whose only row waits, since its place is not known. */
async function waiting({ mutate, upload, runJobs }: Ground): Promise<string> {
  const { datasetId } = await mutate<{ datasetId: string }>(
    'datasets',
    'createDataset',
    '$input: CreateDatasetInput!',
    {
      input: {
        name: newWord(),
        fileId: await upload(`Place,Cases\n${UNKNOWN},1\n`, 'waiting.csv'),
        unit: { heading: 'Place', by: 'ID' },
      },
    },
    '{ datasetId }',
  );
  await runJobs();
  return datasetId;
}

export const FORM_DEEDS: Readonly<Record<string, Deed>> = {
  'Mutation.createForm': async ({ upload }) => ({
    input: { fileId: await upload(VISIT_FORM.replace('id="visit"', `id="${newWord()}"`), 'walk.xml') },
  }),
  'Mutation.addFormVersion': async ({ upload, id }) => ({
    formId: id('Form'),
    fileId: await upload(VISIT_FORM.replace('version="1"><orgUnit', 'version="2"><orgUnit'), 'visit-2.xml'),
  }),
  'Mutation.createSubmission': ({ id }) => ({ input: { xml: visitXml(id('OrgUnit'), '') } }),
  'Mutation.updateDataset': async (ground) => {
    const id = await waiting(ground);
    const { dataset } = await ground.run<{ dataset: { revision: number } }>(
      'datasets',
      'query ($id: ID!) { dataset(id: $id) { revision } }',
      { id },
    );
    return { input: { id, expectedRevision: dataset.revision, description: 'Of the walk' } };
  },
  'Mutation.reloadDataset': async ({ upload, id }) => ({
    input: {
      datasetId: id('Dataset'),
      fileId: await upload(`Place,Cases\n${id('OrgUnit')},2\n`, 'cases-2.csv'),
    },
  }),
  'Mutation.correctDatasetRows': async (ground) => ({
    datasetId: await waiting(ground),
    rows: [{ number: 2, cells: [{ field: 'place', value: ground.id('OrgUnit') }] }],
  }),
  'Mutation.decideDatasetUnits': async (ground) => ({
    datasetId: await waiting(ground),
    decisions: [{ value: UNKNOWN, orgUnitId: ground.id('OrgUnit') }],
  }),
  'Mutation.replayDataset': async (ground) => {
    const datasetId = await waiting(ground);
    const decisions = [{ value: UNKNOWN, orgUnitId: ground.id('OrgUnit') }];
    await ground.mutate(
      'datasets',
      'decideDatasetUnits',
      '$datasetId: ID!, $decisions: [UnitDecisionInput!]!',
      { datasetId, decisions },
      '{ job { id } }',
    );
    // The job of the decision waits still, and its work is done by whichever comes first.
    return { datasetId };
  },
};
