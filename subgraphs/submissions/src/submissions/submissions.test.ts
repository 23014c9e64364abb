import { readChanges, sealAll } from '@iroko/changes';
import { statementsMatching } from '@iroko/testing';
import { visitForm, visitXml } from '../testing/forms';
import { openStage, type Stage, type StagedAccount } from '../testing/stage';

const SEND = `mutation ($input: CreateSubmissionInput!) {
  createSubmission(input: $input) { id instanceId orgUnit { id } form { formId } }
}`;

describe('submissions over GraphQL', () => {
  let stage: Stage;
  const forms: Record<string, string> = {};

  beforeAll(async () => {
    stage = await openStage();
    for (const account of [stage.account, stage.twin]) {
      for (const formId of ['visit', 'other']) {
        const fileId = await account.upload(visitForm({ formId }));
        const { createForm } = await account.run(
          'mutation ($input: CreateFormInput!) { createForm(input: $input) { id } }',
          { input: { fileId } },
        );
        if (account === stage.account) forms[formId] = createForm.id;
      }
    }
  });
  afterAll(() => stage.close());

  const send = async (account: StagedAccount, instanceId: string, unit: number | null, formId = 'visit') =>
    (
      await account.run(SEND, {
        input: {
          xml: visitXml({
            instanceId,
            formId,
            orgUnit: unit === null ? '' : (account.units.unitIds[unit] as string),
          }),
        },
      })
    ).createSubmission;

  it('are stored once, as through the door for phones', async () => {
    const first = await send(stage.account, 'uuid:g1', 0);
    expect(first).toMatchObject({ instanceId: 'uuid:g1', orgUnit: { id: stage.account.units.unitIds[0] } });
    expect(await send(stage.account, 'uuid:g1', 0)).toEqual(first);
    expect(
      await stage.account.codeOf(SEND, { input: { xml: visitXml({ instanceId: 'uuid:g1', name: 'Esi' }) } }),
    ).toBe('CONFLICT');
  });

  it('say why they were not taken, and where they are kept', async () => {
    await expect(
      stage.account.run(SEND, { input: { xml: visitXml({ instanceId: 'uuid:g2', formId: 'no' }) } }),
    ).rejects.toMatchObject({
      extensions: {
        code: 'BAD_USER_INPUT',
        details: { reason: 'UNKNOWN_FORM', quarantineId: expect.any(String) },
      },
    });
  });

  it('may have no place when the form lets the answer be empty', async () => {
    expect((await send(stage.account, 'uuid:nowhere', null)).orgUnit).toBeNull();
  });

  it('take files that were uploaded before, of the own account only', async () => {
    const fileId = await stage.account.upload('a,b\n1,2', 'audit.csv');
    const foreign = await stage.twin.upload('a,b\n1,2', 'audit.csv');
    const input = (id: string) => ({
      xml: visitXml({ instanceId: 'uuid:files' }),
      files: [{ name: 'audit.csv', fileId: id }],
    });
    expect(await stage.account.codeOf(SEND, { input: input(foreign) })).toBe('NOT_FOUND');
    const { createSubmission } = await stage.account.run(SEND, { input: input(fileId) });
    const { submission } = await stage.account.run(
      'query ($id: ID!) { submission(id: $id) { attachments { name contentType url } xml } }',
      { id: createSubmission.id },
    );
    expect(submission.attachments).toMatchObject([{ name: 'audit.csv', contentType: 'text/csv' }]);
    expect(submission.attachments[0].url).toContain(`/files/${fileId}?`);
    expect(submission.xml).toBe(visitXml({ instanceId: 'uuid:files' }));
  });

  it('belong to one account: the twin has its own under the same instance id', async () => {
    const mine = await send(stage.account, 'uuid:both', 0);
    const theirs = await send(stage.twin, 'uuid:both', 0);
    expect(mine.id).not.toBe(theirs.id);
    const ask = 'query ($id: ID!) { submission(id: $id) { id } }';
    expect((await stage.twin.run(ask, { id: mine.id })).submission).toBeNull();
    const list = await stage.twin.run('{ submissions { totalCount nodes { id } } }');
    expect(list.submissions).toEqual({ totalCount: 1, nodes: [{ id: theirs.id }] });
  });

  it('are counted at their places in one statement for fifty of them', async () => {
    await send(stage.account, 'uuid:c1', 1);
    await send(stage.account, 'uuid:c2', 1);
    await send(stage.account, 'uuid:c3', 1, 'other');
    const [a, b] = stage.account.units.unitIds as [string, string];
    const many = Array.from({ length: 48 }, (_, index) => stage.twin.units.unitIds[index % 2] as string);
    const r = [a, b, ...many].map((id) => ({ __typename: 'OrgUnit', id }));
    const statements = statementsMatching(stage.database, /submissions\.submission/);
    const { _entities } = await stage.account.run(
      'query ($r: [_Any!]!, $form: ID) { _entities(representations: $r) { ... on OrgUnit { id all: submissionCount one: submissionCount(formId: $form) } } }',
      { r, form: forms.other },
    );
    expect(statements).toHaveLength(2);
    expect(_entities[1]).toEqual({ id: b, all: 3, one: 1 });
    expect(_entities.slice(2).every(({ all }: { all: number }) => all === 0)).toBe(true);
    expect(_entities).toHaveLength(50);
  });

  it('are listed newest first, in pages that a new arrival does not shift', async () => {
    const LIST = `query ($after: String, $filter: SubmissionFilterInput) {
      submissions(first: 2, after: $after, filter: $filter) { totalCount nodes { instanceId } pageInfo { endCursor hasNextPage } }
    }`;
    const filter = { orgUnitId: stage.account.units.unitIds[1] };
    const first = (await stage.account.run(LIST, { filter })).submissions;
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ instanceId: 'uuid:c3' }, { instanceId: 'uuid:c2' }],
    });
    await send(stage.account, 'uuid:c4', 1);
    const second = (await stage.account.run(LIST, { filter, after: first.pageInfo.endCursor })).submissions;
    expect(second).toMatchObject({ nodes: [{ instanceId: 'uuid:c1' }], pageInfo: { hasNextPage: false } });
    const none = await stage.account.run(LIST, { filter: { formId: 'nonsense' } });
    expect(none.submissions).toMatchObject({ totalCount: 0, nodes: [] });
    const later = await stage.account.run(LIST, { filter: { receivedFrom: '2999-01-01T00:00:00Z' } });
    expect(later.submissions.totalCount).toBe(0);
    expect(await stage.account.codeOf(LIST, { after: first.pageInfo.endCursor })).toBe('BAD_USER_INPUT');
  });

  it('are in the log with their place, once each', async () => {
    const { id } = await send(stage.account, 'uuid:logged', 0);
    await send(stage.account, 'uuid:logged', 0);
    await sealAll(stage.database.system, stage.account.db.account);
    const events = await readChanges(stage.account.db, 0, 1000, { subjectType: 'Submission', subjectId: id });
    expect(events).toMatchObject([
      { action: 'CREATE', unitId: stage.account.units.unitIds[0], userId: stage.account.viewer.userId },
    ]);
  });
});
