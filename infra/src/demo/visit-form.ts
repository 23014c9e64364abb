/**
 * The demo's form, a visit to a facility, and answers to it: an XForm as ODK Collect takes it, and submissions
 * as it writes them.
 */
import type { Random } from './random';

export const VISIT_FORM_ID = 'facility-visit';
export const VISIT_FORM_VERSION = '2026030101';

export const VISIT_FORM = `<?xml version="1.0" encoding="UTF-8"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
  <h:head>
    <h:title>Facility visit</h:title>
    <model>
      <instance>
        <data id="${VISIT_FORM_ID}" version="${VISIT_FORM_VERSION}">
          <orgUnit/><date/><open/><staff/><water/><remarks/>
          <meta><instanceID/></meta>
        </data>
      </instance>
      <bind nodeset="/data/orgUnit" type="string" required="true()"/>
      <bind nodeset="/data/date" type="date" required="true()"/>
      <bind nodeset="/data/open" type="string"/>
      <bind nodeset="/data/staff" type="int" constraint=". &gt;= 0"/>
      <bind nodeset="/data/water" type="string"/>
      <bind nodeset="/data/remarks" type="string"/>
      <bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
    </model>
  </h:head>
  <h:body>
    <input ref="/data/orgUnit"><label>Id of the facility</label></input>
    <input ref="/data/date"><label>Date of the visit</label></input>
    <select1 ref="/data/open">
      <label>Was it open?</label>
      <item><label>Yes</label><value>yes</value></item>
      <item><label>No</label><value>no</value></item>
    </select1>
    <input ref="/data/staff"><label>How many of the staff were there?</label></input>
    <select1 ref="/data/water">
      <label>Is there water?</label>
      <item><label>Yes</label><value>yes</value></item>
      <item><label>Sometimes</label><value>sometimes</value></item>
      <item><label>No</label><value>no</value></item>
    </select1>
    <input ref="/data/remarks"><label>Remarks</label></input>
  </h:body>
</h:html>
`;

const REMARKS = [
  '',
  '',
  '',
  'Roof leaks.',
  'Le puits est à sec.',
  'Faltam vacinas.',
  'Road closed <again> & again.',
];

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The answers of one visit to the unit of this id; `number` makes its instance id, so that it is sent once. */
export function visitAnswers(random: Random, number: number, unitId: string): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `2026-${two(random.whole(1, 6))}-${two(random.whole(1, 28))}`;
  const open = random.chance(0.9) ? 'yes' : 'no';
  const staff = open === 'yes' ? random.whole(1, 14) : 0;
  const water = random.pick(['yes', 'sometimes', 'no']);
  const remarks = escaped(random.pick(REMARKS));
  const instanceId = `uuid:00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return `<data id="${VISIT_FORM_ID}" version="${VISIT_FORM_VERSION}"><orgUnit>${unitId}</orgUnit><date>${date}</date><open>${open}</open><staff>${staff}</staff><water>${water}</water><remarks>${remarks}</remarks><meta><instanceID>${instanceId}</instanceID></meta></data>`;
}
