import { visitForm } from '../testing/forms';
import { readXForm } from './xform';

describe('an XForm', () => {
  it('tells its form id, version, title and what it asks', () => {
    const form = readXForm(
      Buffer.from(visitForm({ formId: 'visit', version: '2026030100', title: 'Visit of a clinic' })),
    );
    expect(form).toMatchObject({
      formId: 'visit',
      version: '2026030100',
      title: 'Visit of a clinic',
      rootName: 'data',
    });
    expect(form.questions.map(({ path, type, repeatPath }) => [path, type, repeatPath])).toEqual([
      ['/data/orgUnit', 'string', null],
      ['/data/date', 'date', null],
      ['/data/photo', 'binary', null],
      ['/data/household/name', 'string', null],
      ['/data/household/child/name', 'string', '/data/household/child'],
      ['/data/household/child/age', 'int', '/data/household/child'],
      ['/data/meta/instanceID', 'string', null],
      ['/data/meta/instanceName', 'string', null],
    ]);
    expect(form.questions.filter(({ required }) => required).map(({ name }) => name)).toEqual(['orgUnit']);
  });

  it('may have no version', () => {
    expect(readXForm(Buffer.from(visitForm({ version: '' }))).version).toBe('');
  });

  it('keeps apart two questions of one name in two groups', () => {
    const names = readXForm(Buffer.from(visitForm())).questions.filter(({ name }) => name === 'name');
    expect(names).toHaveLength(2);
  });

  it.each([
    ['another XML', '<rss version="2.0"/>', /outermost element is <rss>/],
    ['HTML', '<html><head><title>x</title></head><body/></html>', /no `model`/],
    ['a model without instance', '<h:html xmlns:h="x"><h:head><model/></h:head></h:html>', /no `instance`/],
    ['an empty instance', '<html><head><model><instance/></model></head></html>', /instance is empty/],
    [
      'a form without id',
      '<html><head><model><instance><data/></instance></model></head></html>',
      /no form id/,
    ],
    ['a submission', '<data id="visit"><meta/></data>', /outermost element is <data>/],
  ])('is not %s', (_what, xml, message) => {
    expect(() => readXForm(Buffer.from(xml))).toThrow(message);
  });
});
