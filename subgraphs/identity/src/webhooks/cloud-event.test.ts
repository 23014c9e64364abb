import fc from 'fast-check';
import { type CloudEvent, eventMessage } from './cloud-event';

const event: CloudEvent = {
  id: '01940000-0000-7000-8000-000000000001',
  source: 'urn:iroko:account:a',
  type: 'iroko.OrgUnit.CREATE',
  subject: 'OrgUnit/é 1',
  time: '2026-01-02T03:04:05.678Z',
  sequence: '00000000000000000007',
  data: { name: 'Santé' },
};

it('in structured mode the whole event is the body', () => {
  const { headers, body } = eventMessage(event, 'STRUCTURED');
  expect(headers).toEqual({ 'content-type': 'application/cloudevents+json; charset=utf-8' });
  expect(JSON.parse(body)).toEqual({ specversion: '1.0', datacontenttype: 'application/json', ...event });
});

it('in binary mode attributes are headers, and the body is the data', () => {
  const { headers, body } = eventMessage(event, 'BINARY');
  expect(headers).toEqual({
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-source': event.source,
    'ce-type': event.type,
    'ce-subject': 'OrgUnit/%C3%A9%201',
    'ce-time': event.time,
    'ce-sequence': event.sequence,
  });
  expect(JSON.parse(body)).toEqual(event.data);
});

it('whatever the subject, its header is printable and tells the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (subject) => {
      const header = eventMessage({ ...event, subject }, 'BINARY').headers['ce-subject'] ?? '';
      expect(header).toMatch(/^[\x21-\x7e]*$/);
      expect(decodeURIComponent(header)).toBe(subject);
    }),
  );
});
