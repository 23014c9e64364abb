/** The demo's form and visits to facilities, sent as submissions; each is stored once, so all are sent again. */
import type { ApiClient } from '../client/api-client';
import { randomFor } from './random';
import type { DemoCountry } from './units';
import { VISIT_FORM, VISIT_FORM_ID, visitAnswers } from './visit-form';

const VISITS = 150;
const AT_ONCE = 10;

interface FormState {
  id: string;
  formId: string;
  submissionCount: number;
}

export async function loadVisits(
  client: ApiClient,
  sourceId: string,
  country: DemoCountry,
  progress: (step: string) => void,
): Promise<void> {
  const form = await findForm(client);
  if (form && form.submissionCount >= VISITS) return;
  progress(`Sending ${VISITS} submissions of the demo form`);
  if (!form) await createForm(client);
  const random = randomFor(country.seed, 'visits');
  const facilities = country.units.filter((unit) => unit.level === 5 && !unit.closedOn);
  const visited = Array.from({ length: VISITS }, () => random.pick(facilities).reference);
  const ids = await idsOf(client, sourceId, [...new Set(visited)]);
  const answers = visited.map((reference, i) => visitAnswers(random, i + 1, ids.get(reference) as string));
  for (let next = 0; next < answers.length; next += AT_ONCE) {
    await Promise.all(answers.slice(next, next + AT_ONCE).map((xml) => submit(client, xml)));
  }
}

const submit = (client: ApiClient, xml: string) =>
  client.graphql('mutation ($xml: String!) { createSubmission(input: { xml: $xml }) { id } }', { xml });

async function findForm(client: ApiClient): Promise<FormState | undefined> {
  const { forms } = await client.graphql<{ forms: { nodes: FormState[] } }>(
    '{ forms(first: 1000) { nodes { id formId submissionCount } } }',
  );
  return forms.nodes.find(({ formId }) => formId === VISIT_FORM_ID);
}

async function createForm(client: ApiClient): Promise<void> {
  const fileId = await client.uploadText(`${VISIT_FORM_ID}.xml`, VISIT_FORM);
  await client.graphql('mutation ($input: CreateFormInput!) { createForm(input: $input) { id } }', {
    input: { fileId },
  });
}

/** Ids by reference, as the current version has them. */
async function idsOf(client: ApiClient, source: string, references: string[]): Promise<Map<string, string>> {
  const { orgUnits } = await client.graphql<{ orgUnits: { nodes: { id: string; reference: string }[] } }>(
    `query ($source: ID!, $references: [String!]) {
      orgUnits(dataSource: $source, first: 1000, filter: { references: $references }) { nodes { id reference } }
    }`,
    { source, references },
  );
  return new Map(orgUnits.nodes.map(({ id, reference }) => [reference, id]));
}
