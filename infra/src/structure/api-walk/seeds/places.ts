import type { SeededIds, SeedKit } from './kit';

interface Created {
  id: string;
}

/** A source with a released version and a draft; a clinic with a type and a group in its district. */
export async function seedPlaces(kit: SeedKit): Promise<SeededIds> {
  const create = async (
    field: string,
    input: Record<string, unknown>,
    selection = 'id',
  ): Promise<Created> => {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
    const answer = await kit.run<Record<string, Created>>(
      'georegistry',
      `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`,
      { input },
    );
    return answer[field] as Created;
  };
  const unit = async (input: Record<string, unknown>): Promise<string> => {
    const state = await create('createOrgUnit', input, 'unit { id }');
    return (state as unknown as { unit: Created }).unit.id;
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
  const district = await unit({ dataSourceId, name: 'District' });
  const clinic = await unit({
    dataSourceId,
    name: 'Clinic',
    typeId,
    parentId: district,
    groupIds: [groupId],
  });
  await unit({ dataSourceId, name: 'Ward', parentId: clinic });
  const { releaseVersion } = await onSource<Created>('releaseVersion', 'id');
  await onSource('openDraft', 'id');
  return {
    DataSource: dataSourceId,
    SourceVersion: releaseVersion?.id ?? '',
    OrgUnitType: typeId,
    Group: groupId,
    OrgUnit: clinic,
  };
}
