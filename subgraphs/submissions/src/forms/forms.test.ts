import { newId } from '@iroko/database';
import { visitForm } from '../testing/forms';
import { member, openStage, type Stage } from '../testing/stage';

const CREATE = `mutation ($input: CreateFormInput!) {
  createForm(input: $input) { id formId name unitQuestion revision versions { number version title questions { path type } } }
}`;
const ADD =
  'mutation ($form: ID!, $file: ID!) { addFormVersion(formId: $form, fileId: $file) { number version form { id } } }';

describe('forms', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const create = async (xml: string | Buffer, input: object = {}) =>
    (await stage.account.run(CREATE, { input: { fileId: await stage.account.upload(xml), ...input } }))
      .createForm;

  it('come from an XForm with their questions, and find the question that names the place', async () => {
    const form = await create(visitForm({ formId: 'f1', version: '7', title: 'Visite à domicile' }));
    expect(form).toMatchObject({
      formId: 'f1',
      name: 'Visite à domicile',
      unitQuestion: '/data/orgUnit',
      revision: 1,
    });
    expect(form.versions).toMatchObject([{ number: 1, version: '7', title: 'Visite à domicile' }]);
    expect(form.versions[0].questions).toContainEqual({ path: '/data/household/child/age', type: 'int' });
  });

  it('take another question for the place, or none, and no question that repeats', async () => {
    expect(
      (await create(visitForm({ formId: 'q1' }), { unitQuestion: '/data/household/name' })).unitQuestion,
    ).toBe('/data/household/name');
    expect((await create(visitForm({ formId: 'q2' }), { unitQuestion: '' })).unitQuestion).toBeNull();
    await expect(create(visitForm({ formId: 'q3' }), { unitQuestion: '/data/nowhere' })).rejects.toThrow(
      /no question at/,
    );
    await expect(
      create(visitForm({ formId: 'q3' }), { unitQuestion: '/data/household/child/age' }),
    ).rejects.toThrow(/again and again/);
  });

  it.each([
    ['an empty file', '', /empty/],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004xl/workbook.xml'), /pyxform/],
    ['a CSV', 'a;b\n1;2', /not well-formed XML/],
    ['other XML', '<rss/>', /not an XForm/],
    ['a document type', '<!DOCTYPE h:html><h:html/>', /document type/],
  ])('are not made from %s', async (_what, content, message) => {
    await expect(create(content)).rejects.toThrow(message);
  });

  it('are not made from a file of another account, or none', async () => {
    const foreign = await stage.twin.upload(visitForm({ formId: 'foreign' }));
    for (const fileId of [foreign, newId(), 'nonsense']) {
      expect(await stage.account.codeOf(CREATE, { input: { fileId } })).toBe('NOT_FOUND');
    }
  });

  it('keep one form id each; another account may use the same', async () => {
    await create(visitForm({ formId: 'once' }));
    const again = { fileId: await stage.account.upload(visitForm({ formId: 'once' })) };
    expect(await stage.account.codeOf(CREATE, { input: again })).toBe('CONFLICT');
    const other = { fileId: await stage.twin.upload(visitForm({ formId: 'once' })) };
    expect((await stage.twin.run(CREATE, { input: other })).createForm.formId).toBe('once');
  });

  it('gain versions, each version once and all under one form id', async () => {
    const { id } = await create(visitForm({ formId: 'grow', version: '1' }));
    const add = async (xml: string) => ({ form: id, file: await stage.account.upload(xml) });
    const added = await stage.account.run(ADD, await add(visitForm({ formId: 'grow', version: '2' })));
    expect(added.addFormVersion).toEqual({ number: 2, version: '2', form: { id } });
    expect(await stage.account.codeOf(ADD, await add(visitForm({ formId: 'grow', version: '2' })))).toBe(
      'CONFLICT',
    );
    expect(await stage.account.codeOf(ADD, await add(visitForm({ formId: 'else', version: '3' })))).toBe(
      'BAD_USER_INPUT',
    );
    expect(
      await stage.account.codeOf(
        ADD,
        await add(visitForm({ formId: 'grow', version: '3' }).replaceAll('orgUnit', 'place')),
      ),
    ).toBe('BAD_USER_INPUT');
    expect(
      await stage.twin.codeOf(ADD, {
        form: id,
        file: await stage.twin.upload(visitForm({ formId: 'grow', version: '4' })),
      }),
    ).toBe('NOT_FOUND');
  });

  it('number their versions without gaps when two come at once', async () => {
    const { id } = await create(visitForm({ formId: 'race', version: '0' }));
    const files = await Promise.all(
      ['1', '2', '3', '4'].map((version) => stage.account.upload(visitForm({ formId: 'race', version }))),
    );
    const added = await Promise.all(files.map((file) => stage.account.run(ADD, { form: id, file })));
    expect(added.map(({ addFormVersion }) => addFormVersion.number).sort()).toEqual([2, 3, 4, 5]);
  });

  it('change only from the revision that was read', async () => {
    const { id } = await create(visitForm({ formId: 'edit' }));
    const UPDATE =
      'mutation ($input: UpdateFormInput!) { updateForm(input: $input) { name revision unitQuestion } }';
    const first = await stage.account.run(UPDATE, {
      input: { id, expectedRevision: 1, name: 'Édité', unitQuestion: '' },
    });
    expect(first.updateForm).toEqual({ name: 'Édité', revision: 2, unitQuestion: null });
    expect(await stage.account.codeOf(UPDATE, { input: { id, expectedRevision: 1, name: 'Late' } })).toBe(
      'CONFLICT',
    );
    expect(await stage.account.codeOf(UPDATE, { input: { id, expectedRevision: 2, name: ' ' } })).toBe(
      'BAD_USER_INPUT',
    );
    expect(await stage.twin.codeOf(UPDATE, { input: { id, expectedRevision: 2, name: 'x' } })).toBe(
      'NOT_FOUND',
    );
  });

  it('are listed by name, in pages, and found without accents', async () => {
    await create(visitForm({ formId: 'l1', title: 'Éléphant 1' }));
    await create(visitForm({ formId: 'l2', title: 'elephant 2' }));
    await create(visitForm({ formId: 'l3', title: 'ÉLÉPHANT 3' }));
    const LIST =
      'query ($after: String) { forms(first: 2, after: $after, search: "éleph") { totalCount nodes { formId } pageInfo { hasNextPage endCursor } } }';
    const first = (await stage.account.run(LIST)).forms;
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ formId: 'l1' }, { formId: 'l2' }],
      pageInfo: { hasNextPage: true },
    });
    const second = (await stage.account.run(LIST, { after: first.pageInfo.endCursor })).forms;
    expect(second).toMatchObject({ nodes: [{ formId: 'l3' }], pageInfo: { hasNextPage: false } });
    expect(await stage.twin.codeOf(LIST, { after: first.pageInfo.endCursor })).toBe('BAD_USER_INPUT');
  });

  it('are shown to those who may read them and changed by those who may edit', async () => {
    const { accountId, userId } = stage.account.viewer as { accountId: string; userId: string };
    const reader = stage.as(member(accountId, userId, ['forms.read']));
    const fileId = await stage.account.upload(visitForm({ formId: 'nobody' }));
    expect(await reader.codeOf('{ forms { nodes { id } } }')).toBeUndefined();
    expect(await reader.codeOf(CREATE, { input: { fileId } })).toBe('FORBIDDEN');
    expect(await reader.codeOf('{ submissions { nodes { id } } }')).toBe('FORBIDDEN');
    expect(await reader.codeOf('mutation { createAppUser(name: "x") { key } }')).toBe('FORBIDDEN');
  });

  it('answer references in their order, and nothing of another account', async () => {
    const { id } = await create(visitForm({ formId: 'ref' }));
    const ask = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Form { formId } } }';
    const r = [newId(), id, 'nonsense'].map((one) => ({ __typename: 'Form', id: one }));
    expect((await stage.account.run(ask, { r }))._entities).toEqual([null, { formId: 'ref' }, null]);
    expect((await stage.twin.run(ask, { r }))._entities).toEqual([null, null, null]);
  });
});
