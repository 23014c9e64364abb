import type { SeededIds, SeedKit } from './kit';
import { type Create, type Created, seedLinks } from './links';

/** A source with a released version and a draft that differs; a clinic with a type and a group in its district. */
export async function seedPlaces(kit: SeedKit): Promise<SeededIds> {
  const create: Create = async (field, input, selection = 'id') => {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
    const answer = await kit.run<Record<string, Created>>(
      'georegistry',
      `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`,
      { input },
    );
    return answer[field] as Created;
  };
  const unit = async (input: Record<string, unknown>) => {
    const state = await create('createOrgUnit', { dataSourceId, ...input }, 'revision unit { id }');
    return state as unknown as { revision: number; unit: Created };
  };
  const onSource = <Data>(field: string, selection: string) =>
    kit.run<Record<string, Data>>(
      'georegistry',
      `mutation ($source: ID!) { ${field}(dataSource: $source) { ${selection} } }`,
      { source: dataSourceId },
    );

  const { id: dataSourceId } = await create('createDataSource', { name: 'National register' });
  const { id: typeId } = await create('createOrgUnitType', { name: 'Clinic' });
  await onSource('openDraft', 'id').catch(() => undefined);
  const { id: groupId } = await create('createGroup', { dataSourceId, name: 'Rural' });
  const { id: groupSetId } = await create('createGroupSet', {
    dataSourceId,
    name: 'Setting',
    groupIds: [groupId],
  });
  const district = await unit({ name: 'District' });
  const clinic = await unit({ name: 'Clinic', typeId, parentId: district.unit.id, groupIds: [groupId] });
  const ward = await unit({ name: 'Ward', typeId, parentId: clinic.unit.id, code: 'W1' });
  const { releaseVersion } = await onSource<Created>('releaseVersion', 'id');
  const { openDraft } = await onSource<Created>('openDraft', 'id');
  // So that the draft differs from the release.
  await kit.run(
    'georegistry',
    'mutation ($id: ID!, $revision: Int!) { updateOrgUnit(id: $id, expectedRevision: $revision, input: { name: "East ward" }) { id } }',
    { id: ward.unit.id, revision: ward.revision },
  );
  const lineageId = await replacedPost(kit, dataSourceId, district.unit.id);
  const deleted = async (type: string, input: Record<string, unknown>) => {
    const { id } = await create(`create${type}`, input);
    await kit.run(
      'georegistry',
      `mutation ($id: ID!) { delete${type}(id: $id, expectedRevision: 1) { id } }`,
      { id },
    );
    return id;
  };
  return {
    ...(await seedLinks(kit, create, { unitId: clinic.unit.id, versionId: releaseVersion?.id })),
    DataSourceDeleted: await deleted('DataSource', { name: 'Former register' }),
    OrgUnitTypeDeleted: await deleted('OrgUnitType', { name: 'Former type' }),
    GroupDeleted: await deleted('Group', { dataSourceId, name: 'Former group' }),
    GroupSetDeleted: await deleted('GroupSet', { dataSourceId, name: 'Former set' }),
    GroupSet: groupSetId,
    DataSource: dataSourceId,
    SourceVersion: releaseVersion?.id ?? '',
    DraftVersion: openDraft?.id ?? '',
    OrgUnitType: typeId,
    Group: groupId,
    OrgUnit: clinic.unit.id,
    UnitAbove: district.unit.id,
    UnitBelow: ward.unit.id,
    Lineage: lineageId,
    UnitsFile: await kit.upload('reference,name\nr1,Hospital\n', 'units.csv'),
  };
}

/** A unit that another one replaced in the draft. Answers the operation. */
async function replacedPost(kit: SeedKit, dataSourceId: string, parentId: string): Promise<string> {
  const { createOrgUnit } = await kit.run<{ createOrgUnit: { unitId: string; revision: number } }>(
    'georegistry',
    'mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { unitId revision } }',
    { input: { dataSourceId, name: 'Post', parentId } },
  );
  const { replaceOrgUnit } = await kit.run<{ replaceOrgUnit: { lineage: Created } }>(
    'georegistry',
    'mutation ($input: ReplaceOrgUnitInput!) { replaceOrgUnit(input: $input) { lineage { id } } }',
    {
      input: {
        unit: { id: createOrgUnit.unitId, expectedRevision: createOrgUnit.revision },
        by: { create: { name: 'Health post' } },
        effectiveOn: '2026-01-01',
        reason: 'Of the walk',
      },
    },
  );
  return replaceOrgUnit.lineage.id;
}
