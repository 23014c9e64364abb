/** Change requests as tests propose and approve them, and a country to propose for. */
import type { SeededMember } from '@iroko/testing';
import type { Data, TestRegistry } from './registry';
import { Story } from './story';

const REQUEST = `id kind status comment reference withDescendants appliedFields decisionReason
  proposedBy { id } decidedBy { id } dataSource { id } unit { id name }
  fields { field seen current proposed isStale }`;
export const PROPOSE = `mutation ($unitId: ID!, $input: UpdateOrgUnitInput!, $comment: String) {
  proposeOrgUnitChange(unitId: $unitId, input: $input, comment: $comment) { ${REQUEST} } }`;
export const CREATE = `mutation ($input: ProposeOrgUnitInput!) { proposeOrgUnit(input: $input) { ${REQUEST} } }`;
export const REMOVE = `mutation ($unitId: ID!, $all: Boolean!) {
  proposeOrgUnitRemoval(unitId: $unitId, withDescendants: $all) { ${REQUEST} } }`;
export const APPROVE = `mutation ($id: ID!, $fields: [OrgUnitField!], $overwrite: [OrgUnitField!], $reason: String) {
  approveChangeRequest(id: $id, fields: $fields, overwrite: $overwrite, reason: $reason) { ${REQUEST} } }`;
export const REJECT = `mutation ($id: ID!, $reason: String!) { rejectChangeRequest(id: $id, reason: $reason) { ${REQUEST} } }`;
export const ONE = `query ($id: ID!) { changeRequest(id: $id) { ${REQUEST} } }`;

export type Proposing = ReturnType<typeof proposing>;

/** The proposer may propose and read, and not edit. */
export function proposing(registry: TestRegistry, proposer: SeededMember) {
  const story = new Story(registry);

  /** What was asked as the proposer, who may not edit; fails the test unless it is answered. */
  async function proposed(query: string, variables: Record<string, unknown>): Promise<Data> {
    const { data, errors } = await registry.ask(query, variables, proposer);
    expect(errors).toEqual([]);
    return Object.values(data)[0];
  }
  const propose = (unit: Data, input: object, comment?: string) =>
    proposed(PROPOSE, { unitId: unit.unitId, input, comment });
  const approve = (request: Data, more: object = {}) => registry.ask(APPROVE, { id: request.id, ...more });

  async function approved(request: Data, more: object = {}): Promise<Data> {
    const { data, errors } = await approve(request, more);
    expect(errors).toEqual([]);
    return data.approveChangeRequest;
  }

  /** A released country with a district, a clinic in it and a post. */
  async function country() {
    const source = await story.source();
    const root = await story.unit(source.id, { name: 'Country' });
    const district = await story.unit(source.id, { name: 'District', parentId: root.unitId });
    const clinic = await story.unit(source.id, { name: 'Clinic', code: 'C1', parentId: district.unitId });
    const post = await story.unit(source.id, { name: 'Post', parentId: root.unitId });
    await story.release(source.id);
    return { source, root, district, clinic, post };
  }

  const inDraft = async (source: { id: string }, reference: string): Promise<Data> => {
    const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
      id: source.id,
    });
    const [state] = await story.states(dataSource.draft.id, { references: [reference] });
    return state;
  };

  const refused = async (request: Data, more: object = {}) =>
    (await approve(request, more)).errors[0]?.extensions;

  return { proposed, propose, approve, approved, country, inDraft, refused };
}
