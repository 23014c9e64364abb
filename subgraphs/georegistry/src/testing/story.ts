/** Short ways to tell a story of sources and units through the API. */
import { newId } from '@iroko/database';
import type { Data, TestRegistry } from './registry';

export const STATE = `id unitId reference revision name aliases code status openingDate closedDate hasShape
  location { longitude latitude altitude } parent { unitId name } groups { id name } type { id name }
  attributes { key value } version { id number status }`;

export class Story {
  constructor(readonly registry: TestRegistry) {}

  async source(name = `Source ${newId()}`): Promise<{ id: string; draft: { id: string; number: number } }> {
    const { createDataSource } = await this.registry.data(
      'mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { id draft { id number } } }',
      { input: { name } },
    );
    return createDataSource;
  }

  async unit(dataSourceId: string, input: Record<string, unknown>): Promise<Data> {
    const { createOrgUnit } = await this.registry.data(
      `mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { ${STATE} } }`,
      { input: { dataSourceId, ...input } },
    );
    return createOrgUnit;
  }

  async edit(unit: { unitId: string; revision: number }, input: Record<string, unknown>): Promise<Data> {
    const { updateOrgUnit } = await this.registry.data(
      `mutation ($id: ID!, $revision: Int!, $input: UpdateOrgUnitInput!) {
        updateOrgUnit(id: $id, expectedRevision: $revision, input: $input) { ${STATE} } }`,
      { id: unit.unitId, revision: unit.revision, input },
    );
    return updateOrgUnit;
  }

  tryEdit(unit: { unitId: string; revision: number }, input: Record<string, unknown>) {
    return this.registry.ask(
      `mutation ($id: ID!, $revision: Int!, $input: UpdateOrgUnitInput!) {
        updateOrgUnit(id: $id, expectedRevision: $revision, input: $input) { ${STATE} } }`,
      { id: unit.unitId, revision: unit.revision, input },
    );
  }

  remove(unit: { unitId: string; revision: number }, withDescendants = false) {
    return this.registry.ask(
      `mutation ($id: ID!, $revision: Int!, $all: Boolean!) {
        removeOrgUnit(id: $id, expectedRevision: $revision, withDescendants: $all) {
          removedUnits version { id number } } }`,
      { id: unit.unitId, revision: unit.revision, all: withDescendants },
    );
  }

  async release(dataSource: string): Promise<{ id: string; number: number }> {
    const { releaseVersion } = await this.registry.data(
      'mutation ($id: ID!) { releaseVersion(dataSource: $id) { id number status } }',
      { id: dataSource },
    );
    return releaseVersion;
  }

  async states(version: string, filter: Record<string, unknown> = {}): Promise<Data[]> {
    const { orgUnitStates } = await this.registry.data(
      `query ($version: ID!, $filter: OrgUnitFilter) {
        orgUnitStates(version: $version, filter: $filter, first: 1000) { nodes { ${STATE} } totalCount } }`,
      { version, filter },
    );
    expect(orgUnitStates.totalCount).toBe(orgUnitStates.nodes.length);
    return orgUnitStates.nodes;
  }

  async names(version: string, filter: Record<string, unknown> = {}): Promise<string[]> {
    return (await this.states(version, filter)).map(({ name }) => name);
  }
}
