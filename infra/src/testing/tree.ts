/** A small tree made through the API, with everything a unit can carry, for journeys that need one. */
import type { Client } from './client';

export interface SmallTree {
  dataSourceId: string;
  versionId: string;
  countryId: string;
  schoolId: string;
}

const SHAPE = {
  type: 'Polygon',
  coordinates: [
    [
      [29, -2],
      [30, -2],
      [30, -1],
      [29, -2],
    ],
  ],
};

/** A country with a shape, and a school in it whose texts are hard to carry in a table. In a draft. */
export async function smallTree(client: Client, name = 'Health map'): Promise<SmallTree> {
  const { createDataSource: source } = await client.data(
    'mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { id } }',
    { input: { name } },
  );
  const { createOrgUnitType: type } = await client.data(
    'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id } }',
    { input: { name: `School of ${name}` } },
  );
  const { createGroup: group } = await client.data(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
    { input: { dataSourceId: source.id, name: 'Public', reference: 'pub|lic' } },
  );
  const create = async (input: Record<string, unknown>) => {
    const { createOrgUnit } = await client.data(
      'mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { unitId version { id } } }',
      { input: { dataSourceId: source.id, ...input } },
    );
    return createOrgUnit as { unitId: string; version: { id: string } };
  };
  const country = await create({ name: 'République', reference: 'CD', shape: SHAPE, status: 'VALID' });
  const school = await create({
    name: '=ÉCOLE "A";\nB',
    reference: 'S-1',
    parentId: country.unitId,
    typeId: type.id,
    code: '-007',
    aliases: ['x|y', 'z'],
    groupIds: [group.id],
    location: { longitude: 0, latitude: -1.5, altitude: 412.5 },
    openingDate: '1999-09-01',
    attributes: [{ key: 'rooms, all', value: '12' }],
  });
  return {
    dataSourceId: source.id,
    versionId: country.version.id,
    countryId: country.unitId,
    schoolId: school.unitId,
  };
}
