/** Copies, merge plans and their rows as tests ask for them. */
import { resultOf } from './jobs';
import type { Data, TestRegistry } from './registry';
import { Story } from './story';

export class Merging {
  constructor(readonly registry: TestRegistry) {}

  async copy(versionId: string, dataSourceId: string): Promise<Data> {
    const { copyVersion } = await this.registry.data(
      'mutation ($input: CopyVersionInput!) { copyVersion(input: $input) { id } }',
      { input: { versionId, dataSourceId } },
    );
    return resultOf(this.registry, copyVersion.id);
  }

  /** The plan of a version into a source, with all its rows. */
  planOf(from: { id: string }, into: { id: string }, more: object = {}): Promise<Data> {
    return this.plan({ versionId: from.id, dataSourceId: into.id, ...more });
  }

  /** Makes the plan and answers it with all its rows. */
  async plan(input: object): Promise<Data> {
    const { planMerge } = await this.registry.data(
      'mutation ($input: PlanMergeInput!) { planMerge(input: $input) { id job { id } } }',
      { input },
    );
    await resultOf(this.registry, planMerge.job.id);
    return this.read(planMerge.id);
  }

  async read(id: string): Promise<Data> {
    const { mergePlan } = await this.registry.data(
      `query ($id: ID!) { mergePlan(id: $id) { id status from { id } base { id } rows(first: 1000) { totalCount nodes {
        position action isConflict isOpen isApplied asksForParent parent { name }
        source { name reference } target { name reference }
        fields { field source target base isConflict isTaken } } } } }`,
      { id },
    );
    return mergePlan;
  }

  decide(id: string, rows: object[], rest?: 'SOURCE' | 'TARGET') {
    return this.registry.ask(
      `mutation ($id: ID!, $rows: [MergeDecisionInput!]!, $rest: MergeSide) {
        decideMergePlan(id: $id, rows: $rows, rest: $rest) { id } }`,
      { id, rows, rest },
    );
  }

  /** Asks for the job that applies the plan; answers its id. */
  async apply(id: string): Promise<string> {
    const { applyMergePlan } = await this.registry.data(
      'mutation ($id: ID!) { applyMergePlan(id: $id) { id } }',
      { id },
    );
    return applyMergePlan.id;
  }
}

/** The rows of a plan by the name of their unit in the source, or in the target where it is there alone. */
export const rowsByName = (plan: Data): Record<string, Data> =>
  Object.fromEntries(plan.rows.nodes.map((row: Data) => [(row.source ?? row.target).name, row]));

/** A released country, and another source that is a copy of it; units of the copy by their reference. */
export async function countryAndCopy(merging: Merging) {
  const story = new Story(merging.registry);
  const source = await story.source();
  const root = await story.unit(source.id, { name: 'Country', reference: 'country' });
  const below = (name: string, more: object = {}) =>
    story.unit(source.id, { name, reference: name.toLowerCase(), parentId: root.unitId, ...more });
  const [north, south] = [await below('North'), await below('South')];
  const clinic = await below('Clinic', { parentId: north.unitId, code: 'C1' });
  const post = await below('Post', { parentId: north.unitId });
  const shop = await below('Shop', { parentId: south.unitId });
  const first = await story.release(source.id);
  const copy = await story.source();
  const { version } = await merging.copy(first.id, copy.id);
  const own = async (reference: string): Promise<Data> => {
    const [state] = await story.states(version.id, { references: [reference] });
    return state;
  };
  return { source, root, north, south, clinic, post, shop, first, copy, version, own };
}
