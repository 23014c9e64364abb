import { createHash } from 'node:crypto';
import type { HttpRequest } from '@iroko/http';
import { visitForm, visitXml } from '../testing/forms';
import {
  createVisitForm,
  findSubmissions,
  JPEG,
  openPhone,
  type Phone,
  photoPart,
  postTo,
  waiting,
  xmlPart,
} from '../testing/phone';
import { openStage, type Stage } from '../testing/stage';
import { openRosaRoutes } from './routes';

describe('the door for ODK Collect', () => {
  let stage: Stage;
  let phone: Phone;

  beforeAll(async () => {
    stage = await openStage();
    phone = await openPhone(stage, stage.account);
    await createVisitForm(stage.account);
  });
  afterAll(() => stage.close());

  const unit = () => stage.account.units.unitIds[0] as string;

  it('lists the forms with the hash of exactly what is downloaded', async () => {
    const list = await fetch(`${phone.door}/formList`, { headers: { 'x-openrosa-version': '1.0' } });
    expect(list.status).toBe(200);
    expect(list.headers.get('x-openrosa-version')).toBe('1.0');
    expect(list.headers.get('content-type')).toContain('text/xml');
    expect(list.headers.get('date')).toBeTruthy();
    const xml = await list.text();
    expect(xml).toContain('<formID>visit</formID>');
    expect(xml).toContain('<version>1</version>');
    const url = /<downloadUrl>(.*)<\/downloadUrl>/.exec(xml)?.[1] as string;
    const hash = /<hash>md5:(.*)<\/hash>/.exec(xml)?.[1];
    const form = await (await fetch(url)).text();
    expect(form).toBe(visitForm());
    expect(createHash('md5').update(form).digest('hex')).toBe(hash);
    const manifest = await fetch(`${url}/manifest`);
    expect(await manifest.text()).toContain('<manifest');
  });

  it('sends phones to the public address when the operator names one', async () => {
    const routes = openRosaRoutes(stage.services, stage.database, 'https://iroko.example.org/');
    const list = routes.find(({ method, path }) => method === 'GET' && path.endsWith('/formList'));
    const request = { params: { key: phone.key }, query: new URLSearchParams(), origin: 'http://10.0.0.1' };
    const { body } = (await list?.handler(request as unknown as HttpRequest)) ?? {};
    expect(body).toContain(`<downloadUrl>https://iroko.example.org/openrosa/${phone.key}/forms/`);
  });

  it('answers the question before a submission with the size it takes', async () => {
    const head = await fetch(`${phone.door}/submission`, { method: 'HEAD' });
    expect(head.status).toBe(204);
    expect(head.headers.get('x-openrosa-version')).toBe('1.0');
    expect(Number(head.headers.get('x-openrosa-accept-content-length'))).toBe(100_000_000);
  });

  it('stores a submission with its photo, its place and the version current at that moment', async () => {
    const xml = visitXml({ instanceId: 'uuid:first', orgUnit: unit(), photo: 'p1.jpg' });
    const answer = await phone.post([xmlPart(xml), photoPart('p1.jpg', JPEG)]);
    expect(answer.status).toBe(201);
    expect(await answer.text()).toContain('submit_success');
    const [stored] = await findSubmissions(stage.account, 'uuid:first');
    expect(stored).toMatchObject({
      deviceId: 'collect:abc',
      unitVersion: 1,
      orgUnit: { id: unit() },
      appUser: { name: 'Phone 7' },
      form: { formId: 'visit' },
      formVersion: { version: '1' },
      answers: { orgUnit: unit(), household: { name: 'Ama', child: [{ name: 'Kofi', age: '4' }] } },
      attachments: [{ name: 'p1.jpg', contentType: 'image/jpeg', size: JPEG.length }],
    });
  });

  it('takes one submission in several requests, each with the XML again', async () => {
    const xml = visitXml({ instanceId: 'uuid:parts', orgUnit: unit(), photo: 'b.jpg' });
    const first = await phone.post([
      xmlPart(xml),
      photoPart('a.jpg', JPEG),
      { field: '*isIncomplete*', content: 'yes' },
    ]);
    expect(first.status).toBe(201);
    expect((await findSubmissions(stage.account, 'uuid:parts'))[0]?.attachments).toMatchObject([
      { name: 'a.jpg', size: JPEG.length },
      { name: 'b.jpg', receivedAt: null },
    ]);
    expect((await phone.post([xmlPart(xml), photoPart('b.jpg', JPEG)])).status).toBe(201);
    const [stored] = await findSubmissions(stage.account, 'uuid:parts');
    expect(stored?.attachments.map(({ size }) => size)).toEqual([JPEG.length, JPEG.length]);
  });

  it('answers a phone that lost the first answer, and changes nothing', async () => {
    const parts = [
      xmlPart(visitXml({ instanceId: 'uuid:again', orgUnit: unit() })),
      photoPart('x.jpg', JPEG),
    ];
    expect((await phone.post(parts)).status).toBe(201);
    const before = await findSubmissions(stage.account, 'uuid:again');
    expect((await phone.post(parts)).status).toBe(201);
    expect(await findSubmissions(stage.account, 'uuid:again')).toEqual(before);
  });

  it('defect 5: stores one row when a hundred requests bring the same submission at once', async () => {
    const parts = [
      xmlPart(visitXml({ instanceId: 'uuid:hundred', orgUnit: unit() })),
      photoPart('x.jpg', JPEG),
    ];
    const answers = await Promise.all(Array.from({ length: 100 }, () => phone.post(parts)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 201));
    const stored = await findSubmissions(stage.account, 'uuid:hundred');
    expect(stored).toHaveLength(1);
    expect(stored[0]?.attachments).toHaveLength(1);
  });

  it('keeps other answers under a known instance id aside, and says so', async () => {
    await phone.post([xmlPart(visitXml({ instanceId: 'uuid:clash', orgUnit: unit(), name: 'Ama' }))]);
    const second = await phone.post([
      xmlPart(visitXml({ instanceId: 'uuid:clash', orgUnit: unit(), name: 'Esi' })),
    ]);
    expect(second.status).toBe(409);
    expect(await second.text()).toContain('other answers');
    expect((await findSubmissions(stage.account, 'uuid:clash'))[0]?.answers.household.name).toBe('Ama');
    expect((await waiting(stage.account, 'OTHER_CONTENT')).nodes).toMatchObject([
      { instanceId: 'uuid:clash' },
    ]);
  });

  it('keeps another photo of the same name aside', async () => {
    const xml = visitXml({ instanceId: 'uuid:photo', orgUnit: unit() });
    await phone.post([xmlPart(xml), photoPart('p.jpg', JPEG)]);
    const second = await phone.post([
      xmlPart(xml),
      photoPart('p.jpg', Buffer.concat([JPEG, JPEG])),
      photoPart('q.jpg', JPEG),
    ]);
    expect(second.status).toBe(409);
    const [stored] = await findSubmissions(stage.account, 'uuid:photo');
    expect(stored?.attachments).toMatchObject([{ name: 'p.jpg', size: JPEG.length }, { name: 'q.jpg' }]);
    expect((await waiting(stage.account, 'OTHER_ATTACHMENT')).totalCount).toBe(1);
  });

  it('opens for nobody without a good key', async () => {
    const changed = `${phone.key.slice(0, -1)}${phone.key.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [changed, 'short', `${'A'.repeat(64)}`]) {
      const list = await fetch(`${stage.address}/openrosa/${wrong}/formList`);
      expect(list.status).toBe(401);
      expect(list.headers.get('content-type')).toContain('text/xml');
      const sent = await postTo(`${stage.address}/openrosa/${wrong}`, [
        xmlPart(visitXml({ instanceId: 'uuid:nokey' })),
      ]);
      expect(sent.status).toBe(401);
    }
    expect(await findSubmissions(stage.account, 'uuid:nokey')).toEqual([]);
  });

  it('closes at once when the key is revoked', async () => {
    const { createAppUser } = await stage.account.run(
      'mutation { createAppUser(name: "Lost") { serverPath appUser { id } } }',
    );
    const lost = stage.address + createAppUser.serverPath;
    expect((await fetch(`${lost}/formList`)).status).toBe(200);
    const revoke = () =>
      stage.account.run('mutation ($id: ID!) { revokeAppUser(id: $id) { revokedAt } }', {
        id: createAppUser.appUser.id,
      });
    const first = await revoke();
    expect(await revoke()).toEqual(first);
    expect((await fetch(`${lost}/formList`)).status).toBe(401);
    expect((await postTo(lost, [xmlPart(visitXml({ instanceId: 'uuid:lost' }))])).status).toBe(401);
  });

  it('shows a key of one account nothing of another', async () => {
    const { createAppUser } = await stage.twin.run(
      'mutation { createAppUser(name: "Phone 7") { serverPath } }',
    );
    const other = stage.address + createAppUser.serverPath;
    expect(await (await fetch(`${other}/formList`)).text()).not.toContain('<xform>');
    const url = /<downloadUrl>(.*)<\/downloadUrl>/.exec(
      await (await fetch(`${phone.door}/formList`)).text(),
    )?.[1] as string;
    const versionId = url.split('/').at(-1);
    expect((await fetch(`${other}/forms/${versionId}`)).status).toBe(404);
    expect((await fetch(`${other}/forms/nonsense`)).status).toBe(404);
    expect((await postTo(other, [xmlPart(visitXml({ instanceId: 'uuid:first' }))])).status).toBe(404);
  });
});
