import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSubmissions, openPhone, xmlPart } from '../testing/phone';
import { openStage, type Stage } from '../testing/stage';
import type { XmlElement } from '../xml/read';
import { readSubmissionXml } from './submission-xml';

const DATA = join(__dirname, '../../../../../shared/data/forms');
const bytes = readFileSync(join(DATA, 'submission-repeat-group.xml'));

/** An XForm with the same questions: the sample has the form as a spreadsheet only. */
function formOf({ name, children }: XmlElement, once = new Set<string>()): string {
  const inner = children.filter((child) => !once.has(child.name) && once.add(child.name));
  return inner.length === 0
    ? `<${name}/>`
    : `<${name}>${inner.map((child) => formOf(child)).join('')}</${name}>`;
}

describe('a real submission with a repeat group', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it('is stored with every answer in its place', async () => {
    const { root, formId, version, instanceId } = readSubmissionXml(bytes, () => undefined);
    expect([formId, version]).toEqual(['eventtracker2334', '202008121012']);
    const instance = formOf(root).replace('<data>', `<data id="${formId}" version="${version}">`);
    const xform = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Event tracker</h:title><model><instance>${instance}</instance></model></h:head><h:body><group ref="/data/households/hh_repeat"><repeat nodeset="/data/households/hh_repeat"/></group></h:body></h:html>`;
    const fileId = await stage.account.upload(xform);
    await stage.account.run('mutation ($input: CreateFormInput!) { createForm(input: $input) { id } }', {
      input: { fileId },
    });
    const phone = await openPhone(stage, stage.account);
    expect((await phone.post([xmlPart(bytes)])).status).toBe(201);
    expect(await findSubmissions(stage.account, instanceId)).toMatchObject([
      {
        answers: {
          MMD_PER_NAM: 'child',
          last_name: 'of mine',
          gender: 'Male',
          birth: { section_1_1_demo: { DE_2008294: 'NVP only', DE_2005736: '2000' } },
          households: {
            hh_repeat: [
              { name: 'household 1', gender: 'Male', households_address: { city: 'bxl' } },
              { name: 'household 2', gender: 'Female', households_address: { city: 'Namur' } },
            ],
          },
        },
      },
    ]);
  });
});
