import { newId } from '@iroko/database';
import { visitForm, visitXml } from '../testing/forms';
import { openStage, type Stage } from '../testing/stage';

let stage: Stage;
let old: string;
let kept: string;
let successor: string;

beforeAll(async () => {
  stage = await openStage();
  const { account } = stage;
  await account.run('mutation ($input: CreateFormInput!) { createForm(input: $input) { id } }', {
    input: { fileId: await account.upload(visitForm({ formId: 'visit' })) },
  });
  [old, kept] = account.units.unitIds as [string, string];
  for (const [instanceId, orgUnit] of [
    ['uuid:1', old],
    ['uuid:2', old],
    ['uuid:3', kept],
  ] as const) {
    await account.run(
      'mutation ($input: CreateSubmissionInput!) { createSubmission(input: $input) { id } }',
      { input: { xml: visitXml({ instanceId, formId: 'visit', orgUnit }) } },
    );
  }
  successor = await aSuccessor();
});
afterAll(() => stage.close());

/** A unit in the place of the first, by a replacement, and beside the second, by a split that kept it; of a second version. */
async function aSuccessor(): Promise<string> {
  const { account, database } = stage;
  const id = newId();
  const { rows } = await database.pool.query(
    'SELECT data_source_id AS source FROM georegistry.org_unit WHERE account_id = $1 AND id = $2',
    [account.db.account, old],
  );
  const source = rows[0].source;
  const key = [account.db.account, source];
  const run = (text: string, values: unknown[]) => database.pool.query(text, [...key, ...values]);
  await run(
    'INSERT INTO georegistry.source_version (account_id, id, data_source_id, number) VALUES ($1, $3, $2, 2)',
    [newId()],
  );
  await run(
    `INSERT INTO georegistry.org_unit (account_id, id, data_source_id, number, reference) VALUES ($1, $3, $2, 999, 'new')`,
    [id],
  );
  for (const [number, kind, ending, unit] of [
    [1, 'REPLACE', 'CLOSED', old],
    [2, 'SPLIT', 'KEPT', kept],
  ] as const) {
    const lineage = newId();
    await run(
      `INSERT INTO georegistry.lineage (account_id, data_source_id, id, version_number, number, kind, ending,
         effective_on, reason) VALUES ($1, $2, $3, 2, $4, $5, $6, '2026-01-01', 'reform')`,
      [lineage, number, kind, ending],
    );
    for (const [unitId, role] of [
      [unit, 'PREDECESSOR'],
      [id, 'SUCCESSOR'],
    ]) {
      await run(
        `INSERT INTO georegistry.lineage_unit (account_id, data_source_id, lineage_id, unit_id, role, position, ended,
           revision) VALUES ($1, $2, $3, $4, $5::text, 0, $5::text = 'PREDECESSOR' AND $6::text <> 'KEPT', 1)`,
        [lineage, unitId, role, ending],
      );
    }
  }
  return id;
}

const release = () =>
  stage.database.pool.query(
    `UPDATE georegistry.source_version SET status = 'RELEASED', released_at = now()
     WHERE account_id = $1 AND number = 2`,
    [stage.account.db.account],
  );

const ASK = `query ($r: [_Any!]!, $with: Boolean!) { _entities(representations: $r) { ... on OrgUnit {
  submissionCount(withPredecessors: $with)
  submissions(withPredecessors: $with) { totalCount nodes { instanceId } } } } }`;

const asked = async (withPredecessors: boolean) => {
  const { _entities } = await stage.account.run(ASK, {
    r: [{ __typename: 'OrgUnit', id: successor }],
    with: withPredecessors,
  });
  const { submissionCount, submissions } = _entities[0];
  expect([submissions.totalCount, submissions.nodes.length]).toEqual([submissionCount, submissionCount]);
  return submissions.nodes.map(({ instanceId }: { instanceId: string }) => instanceId).sort();
};

it('what was sent from a unit stays there, and is answered for its successor when asked, once that is released', async () => {
  expect(await asked(true)).toEqual([]);
  await release();
  expect(await asked(false)).toEqual([]);
  expect(await asked(true)).toEqual(['uuid:1', 'uuid:2', 'uuid:3']);
});

it('of a unit that was split and kept, what arrives afterwards is its own', async () => {
  await stage.account.run(
    'mutation ($input: CreateSubmissionInput!) { createSubmission(input: $input) { id } }',
    { input: { xml: visitXml({ instanceId: 'uuid:4', formId: 'visit', orgUnit: kept }) } },
  );
  await stage.database.pool.query(
    `UPDATE submissions.submission SET unit_version = 2 WHERE account_id = $1 AND instance_id = 'uuid:4'`,
    [stage.account.db.account],
  );
  expect(await asked(true)).toEqual(['uuid:1', 'uuid:2', 'uuid:3']);
  const { submissions } = await stage.account.run(
    `query ($filter: SubmissionFilterInput) { submissions(filter: $filter) { totalCount } }`,
    { filter: { orgUnitId: successor, withPredecessors: true } },
  );
  expect(submissions.totalCount).toBe(3);
});
