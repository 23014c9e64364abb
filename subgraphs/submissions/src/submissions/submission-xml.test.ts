import fc from 'fast-check';
import { visitXml } from '../testing/forms';
import { answersAt, answersOf, readSubmissionXml } from './submission-xml';

const ignore = () => undefined;
const read = (xml: string) => readSubmissionXml(Buffer.from(xml), ignore);

describe('a submission', () => {
  it('names its form, version and instance, whatever prefix its meta has', () => {
    expect(read(visitXml({ instanceId: 'uuid:1', orgUnit: 'u' }))).toMatchObject({
      formId: 'visit',
      version: '1',
      instanceId: 'uuid:1',
    });
    expect(read('<d id="f"><meta><instanceID>uuid:2</instanceID></meta></d>').instanceId).toBe('uuid:2');
    expect(read('<d id="f" instanceID="uuid:3"/>').instanceId).toBe('uuid:3');
  });

  it('keeps every answer in its place: groups as objects, repeats as lists even of one', () => {
    const { root } = read(visitXml({ instanceId: 'uuid:1', orgUnit: 'u' }));
    expect(JSON.parse(JSON.stringify(answersOf(root, new Set(['/data/household/child']))))).toMatchObject({
      orgUnit: 'u',
      date: '2026-03-01',
      household: { name: 'Ama', child: [{ name: 'Kofi', age: '4' }] },
    });
  });

  it('keeps what the form does not know, also when it comes twice', () => {
    const { root } = read('<d id="f" instanceID="i"><x>1</x><x>2</x><x>3</x></d>');
    expect(answersOf(root, new Set()).x).toEqual(['1', '2', '3']);
  });

  it('takes any element name, also __proto__', () => {
    const { root } = read(
      '<d id="f" instanceID="i"><__proto__>1</__proto__><constructor>2</constructor></d>',
    );
    expect(JSON.stringify(answersOf(root, new Set()))).toBe('{"__proto__":"1","constructor":"2"}');
  });

  it('finds the answers to a question, one for each round of a repeat', () => {
    const { root } = read('<d id="f" instanceID="i"><r><q>1</q></r><r><q/></r><r><q> 3 </q></r></d>');
    expect(answersAt(root, '/d/r/q')).toEqual(['1', '3']);
    expect(answersAt(root, '/other/r/q')).toEqual([]);
  });

  it.each([
    ['without a form id', '<d><meta><instanceID>i</instanceID></meta></d>', /no attribute `id`/],
    ['without an instance id', '<d id="f"><meta/></d>', /no `meta\/instanceID`/],
    ['with an endless instance id', `<d id="f" instanceID="${'i'.repeat(251)}"/>`, /longer than 250/],
    ['that is encrypted', '<d id="f" encrypted="yes" instanceID="i"/>', /encrypted/],
  ])('%s is not taken', (_what, xml, message) => {
    expect(() => read(xml)).toThrow(message);
  });

  it('tells what it is before it is refused, so that quarantine can be searched', () => {
    const marks: unknown[] = [];
    expect(() =>
      readSubmissionXml(Buffer.from('<d id="f" version="2"/>'), (mark) => marks.push(mark)),
    ).toThrow();
    expect(marks).toEqual([{ formId: 'f', version: '2', instanceId: null }]);
  });

  it('gives back every text exactly', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((value) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(value));
    const escaped = (value: string) =>
      value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    fc.assert(
      fc.property(text, (value) => {
        const { root } = read(`<d id="f" instanceID="i"><q>${escaped(value)}</q></d>`);
        expect(answersOf(root, new Set()).q).toBe(value);
      }),
    );
  });
});
