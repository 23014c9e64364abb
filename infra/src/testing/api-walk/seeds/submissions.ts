import { newId } from '@iroko/database';
import type { SeededIds, SeedKit } from './kit';

/** A form with a question for the place and one for a photograph. */
export const VISIT_FORM = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
  <h:head><h:title>Visit</h:title><model>
    <instance><data id="visit" version="1"><orgUnit/><photo/><meta><instanceID/></meta></data></instance>
    <bind nodeset="/data/orgUnit" type="string"/>
    <bind nodeset="/data/photo" type="binary"/>
  </model></h:head>
  <h:body><input ref="/data/orgUnit"><label>Where</label></input></h:body>
</h:html>`;

export const visitXml = (orgUnit: string, photo: string, instanceId = `uuid:${newId()}`) =>
  `<data id="visit" version="1"><orgUnit>${orgUnit}</orgUnit><photo>${photo}</photo><meta><instanceID>${instanceId}</instanceID></meta></data>`;

const CREATE_SUBMISSION = `mutation ($input: CreateSubmissionInput!) { createSubmission(input: $input) { id } }`;

export async function seedSubmissions(kit: SeedKit, places: SeededIds): Promise<SeededIds> {
  const run = <Data>(query: string, variables: Record<string, unknown>) =>
    kit.run<Data>('submissions', query, variables);
  const fileId = await kit.upload(VISIT_FORM, 'visit.xml');
  const { createForm } = await run<{ createForm: { id: string; versions: { id: string }[] } }>(
    'mutation ($input: CreateFormInput!) { createForm(input: $input) { id versions { id } } }',
    { input: { fileId } },
  );
  const { createAppUser } = await run<{ createAppUser: { key: string; appUser: { id: string } } }>(
    'mutation { createAppUser(name: "Phone") { key appUser { id } } }',
    {},
  );
  const photo = await kit.upload('a photograph', 'photo.jpg');
  const { createSubmission } = await run<{ createSubmission: { id: string } }>(CREATE_SUBMISSION, {
    input: {
      xml: visitXml(places.OrgUnit ?? '', 'photo.jpg'),
      files: [{ name: 'photo.jpg', fileId: photo }],
    },
  });
  return {
    File: fileId,
    Form: createForm.id,
    FormVersion: createForm.versions[0]?.id ?? '',
    AppUser: createAppUser.appUser.id,
    AppUserKey: createAppUser.key,
    Submission: createSubmission.id,
    QuarantinedSubmission: await quarantined(kit),
  };
}

/** Sent for a place that never was: kept, and refused with the reason. */
async function quarantined(kit: SeedKit): Promise<string> {
  const { accessToken } = kit.account.administrator;
  const input = { xml: visitXml('a place that never was', '') };
  await kit.stage.ask('submissions', { query: CREATE_SUBMISSION, variables: { input } }, accessToken);
  const { quarantinedSubmissions } = await kit.run<{ quarantinedSubmissions: { nodes: { id: string }[] } }>(
    'submissions',
    '{ quarantinedSubmissions(first: 1) { nodes { id } } }',
  );
  const [first] = quarantinedSubmissions.nodes;
  if (!first) throw new Error('Nothing went into quarantine.');
  return first.id;
}
