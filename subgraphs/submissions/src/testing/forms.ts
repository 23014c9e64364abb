/** Forms and submissions for tests, written as pyxform and ODK Collect write them. */

export interface SampleForm {
  formId?: string;
  version?: string;
  title?: string;
}

/** A visit to a place: `orgUnit` names the unit, `photo` is a file, `child` repeats. */
export function visitForm({ formId = 'visit', version = '1', title = 'Visit' }: SampleForm = {}): string {
  return `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms">
  <h:head>
    <h:title>${title}</h:title>
    <model odk:xforms-version="1.0.0">
      <instance>
        <data id="${formId}"${version === '' ? '' : ` version="${version}"`}>
          <orgUnit/>
          <date/>
          <photo/>
          <household>
            <name/>
            <child jr:template=""><name/><age/></child>
            <child><name/><age/></child>
          </household>
          <meta><instanceID/><instanceName/></meta>
        </data>
      </instance>
      <instance id="choices"><root><item><name>not a question</name></item></root></instance>
      <bind nodeset="/data/orgUnit" type="string" required="true()"/>
      <bind nodeset="/data/date" type="date"/>
      <bind nodeset="/data/photo" type="binary"/>
      <bind nodeset="/data/household/name" type="string"/>
      <bind nodeset="/data/household/child/age" type="int"/>
      <bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
    </model>
  </h:head>
  <h:body>
    <input ref="/data/orgUnit"><label>Where</label></input>
    <group ref="/data/household">
      <group ref="/data/household/child"><repeat nodeset="/data/household/child"><input ref="/data/household/child/age"/></repeat></group>
    </group>
  </h:body>
</h:html>`;
}

export interface SampleVisit {
  formId?: string;
  version?: string;
  instanceId: string;
  orgUnit?: string;
  photo?: string;
  name?: string;
}

export function visitXml(visit: SampleVisit): string {
  const { formId = 'visit', version = '1', instanceId, orgUnit = '', photo = '', name = 'Ama' } = visit;
  return `<?xml version='1.0' ?><data id="${formId}" version="${version}" xmlns:orx="http://openrosa.org/xforms" xmlns:jr="http://openrosa.org/javarosa"><orgUnit>${orgUnit}</orgUnit><date>2026-03-01</date><photo>${photo}</photo><household><name>${name}</name><child><name>Kofi</name><age>4</age></child></household><orx:meta><orx:instanceID>${instanceId}</orx:instanceID></orx:meta></data>`;
}
