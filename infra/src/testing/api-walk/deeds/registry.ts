/**
 * Deeds that change sources, units, links, plans and what else the registry keeps.
 */
import type { Deed, Ground } from './ground';
import { newWord } from './people';

const REGISTRY = 'georegistry';

interface Source {
  id: string;
  revision: number;
  draft: { id: string };
}

const newSource = ({ mutate }: Ground) =>
  mutate<Source>(
    REGISTRY,
    'createDataSource',
    '$input: CreateDataSourceInput!',
    { input: { name: newWord() } },
    '{ id revision draft { id } }',
  );

/** A unit in the draft of the source; of the national register without one. */
const newUnit = ({ mutate, id }: Ground, dataSourceId = id('DataSource')) =>
  mutate<{ unitId: string; revision: number }>(
    REGISTRY,
    'createOrgUnit',
    '$input: CreateOrgUnitInput!',
    { input: { dataSourceId, name: newWord() } },
    '{ unitId revision }',
  );

async function newPlan(ground: Ground): Promise<{ id: string }> {
  const source = await newSource(ground);
  const input = { versionId: ground.id('SourceVersion'), dataSourceId: source.id };
  const plan = await ground.mutate(REGISTRY, 'planMerge', '$input: PlanMergeInput!', { input }, '{ id }');
  await ground.runJobs();
  return { id: plan.id };
}

const TODAY = { effectiveOn: '2026-03-01', reason: 'Of the walk' };

const named = ({ unitId, revision }: { unitId: string; revision: number }) => ({
  id: unitId,
  expectedRevision: revision,
});

const removable = async (made: Promise<{ id: string; revision: number }>) => {
  const { id, revision } = await made;
  return { id, expectedRevision: revision };
};

export const REGISTRY_DEEDS: Readonly<Record<string, Deed>> = {
  'Mutation.bulkEditOrgUnits': ({ id }) => ({
    dryRun: false,
    input: {
      dataSourceId: id('DataSource'),
      changes: { setAttributes: [{ key: 'walked', value: newWord() }] },
    },
  }),
  'Mutation.copyVersion': async (ground) => ({
    input: { versionId: ground.id('SourceVersion'), dataSourceId: (await newSource(ground)).id },
  }),
  'Mutation.createLink': async (ground) => {
    const { unitId } = await newUnit(ground);
    const other = await newUnit(ground, (await newSource(ground)).id);
    return { input: { unitId, otherUnitId: other.unitId } };
  },
  'Mutation.startMatchRun': async (ground) => {
    const source = await newSource(ground);
    await newUnit(ground, source.id);
    return {
      input: { left: { versionId: ground.id('SourceVersion') }, right: { versionId: source.draft.id } },
    };
  },
  'Mutation.planMerge': async (ground) => ({
    input: { versionId: ground.id('SourceVersion'), dataSourceId: (await newSource(ground)).id },
  }),
  'Mutation.applyMergePlan': newPlan,
  'Mutation.proposeMergePlan': newPlan,
  'Mutation.decideMergePlan': ({ id }) => ({ id: id('MergePlan'), rows: [{ position: 1, asRoot: true }] }),
  'Mutation.proposeOrgUnitRemoval': async (ground) => ({ unitId: (await newUnit(ground)).unitId }),
  'Mutation.mergeOrgUnits': async (ground) => ({
    input: {
      ...TODAY,
      units: [named(await newUnit(ground)), named(await newUnit(ground))],
      into: { create: { name: newWord() } },
    },
  }),
  'Mutation.closeOrgUnit': async (ground) => ({ input: { ...TODAY, unit: named(await newUnit(ground)) } }),
  'Mutation.restoreOrgUnitState': async ({ mutate, id }) => {
    const { revision } = await mutate(
      REGISTRY,
      'updateOrgUnit',
      '$id: ID!, $expectedRevision: Int!, $input: UpdateOrgUnitInput!',
      { id: id('OrgUnit'), expectedRevision: 1, input: { code: newWord() } },
    );
    return { id: id('OrgUnit'), version: id('SourceVersion'), expectedRevision: revision };
  },
  'Mutation.updateRegistrySettings': () => ({ expectedRevision: 1, input: { requiredScore: 80 } }),
  'Mutation.openDraft': async (ground) => {
    const { id } = await newSource(ground);
    await newUnit(ground, id);
    await ground.mutate(REGISTRY, 'releaseVersion', '$dataSource: ID!', { dataSource: id }, '{ id }');
    return { dataSource: id };
  },
  'Mutation.removeOrgUnit': async (ground) => named(await newUnit(ground)),
  'Mutation.deleteGroup': ({ mutate, id }) =>
    removable(
      mutate(REGISTRY, 'createGroup', '$input: CreateGroupInput!', {
        input: { dataSourceId: id('DataSource'), name: newWord() },
      }),
    ),
  'Mutation.deleteOrgUnitType': ({ mutate }) =>
    removable(
      mutate(REGISTRY, 'createOrgUnitType', '$input: CreateOrgUnitTypeInput!', {
        input: { name: newWord() },
      }),
    ),
  'Mutation.setQualityRule': () => ({ rule: 'DUPLICATE_NAME', severity: 'OFF' }),
  'Mutation.setMainSource': ({ id }) => ({ dataSource: id('DataSource') }),
  'Mutation.setCurrentVersion': ({ id }) => ({ dataSource: id('DataSource'), version: id('SourceVersion') }),
};
