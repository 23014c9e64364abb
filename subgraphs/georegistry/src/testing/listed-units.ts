/** Two sources of a few units that differ in what lists can be asked by, and lists of them through the API. */
import { newId } from '@iroko/database';
import { type Data, type TestRegistry, testRegistry } from './registry';
import { Story } from './story';
import { submitted } from './submitted';

export const LIST = `query ($source: ID, $filter: OrgUnitFilter, $anyOf: [OrgUnitFilter!], $sort: OrgUnitSort!, $first: Int!, $after: String) {
  orgUnits(dataSource: $source, filter: $filter, anyOf: $anyOf, sort: $sort, first: $first, after: $after) {
    edges { set node { name } } pageInfo { hasNextPage endCursor } totalCount setCounts } }`;

/** The names of the units of the first source. */
export const ALL = [
  'Centre de Santé Bokassa',
  'École Kinshsa',
  'Goma',
  'Gombe',
  'Kinshasa',
  'Poste de Santé Lufu',
];

const SQUARE = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  ],
};

export class ListedUnits {
  readonly units: Record<string, Data> = {};
  readonly forms = { visit: newId(), count: newId() };

  private constructor(
    readonly registry: TestRegistry,
    readonly story: Story,
    readonly source: { id: string; draft: { id: string } },
    readonly other: { id: string; draft: { id: string } },
  ) {}

  static async seed(): Promise<ListedUnits> {
    const registry = await testRegistry();
    const story = new Story(registry);
    const listed = new ListedUnits(
      registry,
      story,
      await story.source('First'),
      await story.source('Second'),
    );
    await listed.addUnits();
    await listed.addSubmissions();
    return listed;
  }

  /** A list of the first source by name, unless the variables say otherwise, with the names of its units. */
  async listed(variables: Record<string, unknown>): Promise<Data> {
    const { orgUnits } = await this.registry.data(LIST, {
      source: this.source.id,
      sort: 'NAME',
      first: 100,
      ...variables,
    });
    return { ...orgUnits, names: orgUnits.edges.map(({ node }: Data) => node.name) };
  }

  async named(filter: Record<string, unknown>, sort = 'NAME'): Promise<string[]> {
    return (await this.listed({ filter, sort })).names;
  }

  /** The code of the error that a filter is refused with. */
  async refusal(filter: Record<string, unknown>): Promise<string | undefined> {
    const variables = { source: this.source.id, sort: 'NAME', first: 1, filter };
    return (await this.registry.ask(LIST, variables)).code;
  }

  /** The names over all pages of two. */
  async pagedNames(variables: Record<string, unknown>): Promise<string[]> {
    const names: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: Data = await this.listed({ ...variables, first: 2, after });
      names.push(...page.names);
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) return names;
    }
  }

  private async add(key: string, input: Record<string, unknown>, of = this.source): Promise<void> {
    this.units[key] = await this.story.unit(of.id, input);
  }

  private async addUnits(): Promise<void> {
    const { units } = this;
    await this.add('kinshasa', { name: 'Kinshasa', code: 'B', openingDate: '1990-01-01', shape: SQUARE });
    const { createOrgUnitType: facility } = await this.registry.data(
      'mutation { createOrgUnitType(input: { name: "Clinic", category: HEALTH_FACILITY }) { id } }',
    );
    await this.add('gombe', { name: 'Gombe', parentId: units.kinshasa.unitId, code: 'A', status: 'VALID' });
    await this.add('health', {
      name: 'Centre de Santé Bokassa',
      aliases: ['Dispensaire Mobutu'],
      parentId: units.gombe.unitId,
      openingDate: '2000-06-01',
      closedDate: '2010-01-01',
      location: { longitude: 0, latitude: 0 },
    });
    await this.add('post', {
      name: 'Poste de Santé Lufu',
      typeId: facility.id,
      parentId: units.gombe.unitId,
      openingDate: '2015-01-01',
    });
    await this.add('school', { name: 'École Kinshsa', parentId: units.gombe.unitId });
    await this.add('goma', { name: 'Goma', code: 'C' });
    await this.add('kinsala', { name: 'Kinsala' }, this.other);
  }

  private async addSubmissions(): Promise<void> {
    const { visit, count } = this.forms;
    const received = [
      ['health', visit, '2024-01-01T00:00:00Z'],
      ['health', visit, '2024-02-01T00:00:00Z'],
      ['post', visit, '2024-03-01T00:00:00Z'],
      ['post', count, '2024-03-02T00:00:00Z'],
    ] as const;
    for (const [unit, form, receivedAt] of received) {
      await submitted(this.registry, this.units[unit].unitId, { form, receivedAt });
    }
  }
}
