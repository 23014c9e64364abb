import { connect } from 'node:net';
import { newId } from '@iroko/database';
import { visitXml } from '../testing/forms';
import {
  createVisitForm,
  findSubmissions,
  JPEG,
  MULTIPART,
  multipart,
  openPhone,
  type Phone,
  photoPart,
  waiting,
  xmlPart,
} from '../testing/phone';
import { openStage, type Stage } from '../testing/stage';

describe('what the door for ODK Collect does not take', () => {
  let stage: Stage;
  let phone: Phone;

  beforeAll(async () => {
    stage = await openStage();
    phone = await openPhone(stage, stage.account);
    await createVisitForm(stage.account);
  });
  afterAll(() => stage.close());

  const unit = () => stage.account.units.unitIds[0] as string;

  it.each([
    ['an unknown form', () => visitXml({ instanceId: newId(), formId: 'nowhere' }), 404, 'UNKNOWN_FORM'],
    ['an unknown version', () => visitXml({ instanceId: newId(), version: '9' }), 404, 'UNKNOWN_VERSION'],
    ['an unknown place', () => visitXml({ instanceId: newId(), orgUnit: 'clinic a' }), 400, 'UNKNOWN_UNIT'],
    [
      'a place of another account',
      () => visitXml({ instanceId: newId(), orgUnit: stage.twin.units.unitIds[0] as string }),
      400,
      'UNKNOWN_UNIT',
    ],
    ['no instance id', () => '<data id="visit" version="1"/>', 400, 'NO_INSTANCE_ID'],
    ['broken XML', () => '<data id="visit" version="1">', 400, 'NOT_XML'],
    ['a billion laughs', () => '<!DOCTYPE d [<!ENTITY a "b">]><data id="visit">&a;</data>', 400, 'DOCTYPE'],
  ])('never says stored for %s, and keeps it with the reason', async (_what, xml, status, reason) => {
    const sent = xml();
    const before = (await waiting(stage.account, reason)).totalCount;
    const answer = await phone.post([xmlPart(sent), photoPart('p.jpg', JPEG)]);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-openrosa-version')).toBe('1.0');
    expect(await answer.text()).toMatch(/OpenRosaResponse.*submit_failure/);
    // Phones repeat: still one entry.
    await phone.post([xmlPart(sent), photoPart('p.jpg', JPEG)]);
    const after = await waiting(stage.account, reason);
    expect(after.totalCount).toBe(before + 1);
    expect(after.nodes[0]).toMatchObject({ reason, timesReceived: 2 });
  });

  it('takes what waited once its form is there, or a person names the place', async () => {
    const late = visitXml({ instanceId: 'uuid:late', formId: 'late', orgUnit: unit() });
    await phone.post([xmlPart(late), photoPart('p.jpg', JPEG)]);
    const wrong = visitXml({ instanceId: 'uuid:wrong', orgUnit: 'Clinic A' });
    await phone.post([xmlPart(wrong)]);
    const [entry] = (await waiting(stage.account, 'UNKNOWN_FORM')).nodes.filter(
      (node) => node.formId === 'late',
    );
    const [other] = (await waiting(stage.account, 'UNKNOWN_UNIT')).nodes.filter(
      (node) => node.instanceId === 'uuid:wrong',
    );
    const replay = (items: object[]) =>
      stage.account.run(
        'mutation ($items: [ReplayInput!]!) { replaySubmissions(items: $items) { outcome { ok message } submission { instanceId orgUnit { id } attachments { name size } } } }',
        { items },
      );
    const early = await replay([{ id: entry?.id }, { id: newId() }]);
    expect(early.replaySubmissions).toMatchObject([{ outcome: { ok: false } }, { outcome: { ok: false } }]);
    await createVisitForm(stage.account, 'late');
    const { replaySubmissions } = await replay([{ id: entry?.id }, { id: other?.id, orgUnitId: unit() }]);
    expect(replaySubmissions).toMatchObject([
      {
        outcome: { ok: true },
        submission: { instanceId: 'uuid:late', attachments: [{ name: 'p.jpg', size: JPEG.length }] },
      },
      { outcome: { ok: true }, submission: { instanceId: 'uuid:wrong', orgUnit: { id: unit() } } },
    ]);
    // The phone that still repeats it learns that it is stored.
    expect((await phone.post([xmlPart(wrong)])).status).toBe(201);
    expect((await waiting(stage.account, 'UNKNOWN_UNIT')).nodes.map((node) => node.id)).not.toContain(
      other?.id,
    );
  });

  it('stores nothing of half an upload', async () => {
    const body = multipart([
      xmlPart(visitXml({ instanceId: 'uuid:half', orgUnit: unit() })),
      photoPart('p.jpg', Buffer.alloc(50_000, 1)),
    ]);
    const { port, pathname } = new URL(phone.door);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST ${pathname}/submission HTTP/1.1\r\nHost: x\r\nContent-Type: ${MULTIPART}\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
        socket.write(body.subarray(0, body.length - 20_000), () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    const short = await fetch(`${phone.door}/submission`, {
      method: 'POST',
      headers: { 'content-type': MULTIPART },
      body: new Uint8Array(body.subarray(0, body.length - 100)),
    });
    expect(short.status).toBe(400);
    expect(await findSubmissions(stage.account, 'uuid:half')).toEqual([]);
    expect((await phone.post([xmlPart(visitXml({ instanceId: 'uuid:half', orgUnit: unit() }))])).status).toBe(
      201,
    );
  });

  it('refuses what is no submission at all with a message', async () => {
    const noXml = await phone.post([photoPart('p.jpg', JPEG)]);
    expect(noXml.status).toBe(400);
    expect(await noXml.text()).toContain('xml_submission_file');
    const json = await fetch(`${phone.door}/submission`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).toBe(400);
    const twice = await phone.post([
      xmlPart(visitXml({ instanceId: 'uuid:t1' })),
      xmlPart(visitXml({ instanceId: 'uuid:t2' })),
    ]);
    expect(twice.status).toBe(400);
    expect(await findSubmissions(stage.account, 'uuid:t1')).toEqual([]);
  });

  it('refuses XML beyond 10 MB, and a request beyond 100 MB before reading it', async () => {
    const huge = await phone.post([xmlPart(`<data id="visit">${' '.repeat(10_000_001)}</data>`)]);
    expect(huge.status).toBe(413);
    const { port, pathname } = new URL(phone.door);
    const status = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST ${pathname}/submission HTTP/1.1\r\nHost: x\r\nContent-Type: ${MULTIPART}\r\nContent-Length: 100000001\r\n\r\n`,
        );
      });
      socket.on('data', (data) => {
        resolve(data.toString().slice(9, 12));
        socket.destroy();
      });
    });
    expect(status).toBe('413');
  });
});
