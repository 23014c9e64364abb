/** Comparisons as tests ask for them: two sources alike, a comparison to its end, its units. */
import { resultOf } from './jobs';
import type { Data, TestRegistry } from './registry';
import { Story } from './story';

const FIELDS = `id matchBy compared finishedAt counts { new removed changed same } job { id }
  from { id } to { id }`;
export const COMPARE = `mutation ($input: CompareVersionsInput!) { compareVersions(input: $input) { ${FIELDS} } }`;
export const UNITS = `query ($id: ID!, $statuses: [ComparedStatus!], $fields: [OrgUnitField!], $first: Int, $after: String) {
  comparison(id: $id) { ${FIELDS}
    units(statuses: $statuses, fields: $fields, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { status before { name reference } after { name reference }
        fields { field before after distanceMetres areaChangeM2 } } } } }`;

export const square = (size: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [size, 0],
      [size, size],
      [0, size],
      [0, 0],
    ],
  ],
});

export class CompareGround {
  readonly story: Story;

  constructor(readonly registry: TestRegistry) {
    this.story = new Story(registry);
  }

  /** The comparison as its job leaves it, with all its units. */
  async compared(from: string, to: string, more: Record<string, unknown> = {}): Promise<Data> {
    const input = { from, to, ...more };
    const { compareVersions } = await this.registry.data(COMPARE, { input });
    await resultOf(this.registry, compareVersions.job.id);
    const { comparison } = await this.registry.data(UNITS, { id: compareVersions.id, first: 1000 });
    return comparison;
  }

  /** Two sources with the same four units. */
  async twoSources() {
    return { one: await this.sourceOfFour(), other: await this.sourceOfFour() };
  }

  /** A root, a district with a clinic, and a post. */
  private async sourceOfFour() {
    const { story } = this;
    const source = await story.source();
    const root = await story.unit(source.id, { name: 'Root', reference: 'root', code: 'R' });
    const district = await story.unit(source.id, {
      name: 'District',
      reference: 'district',
      code: 'D',
      parentId: root.unitId,
      shape: square(1),
    });
    const clinic = await story.unit(source.id, {
      name: 'Clinic',
      reference: 'clinic',
      code: 'C',
      parentId: district.unitId,
      location: { longitude: 0, latitude: 0 },
    });
    const post = await story.unit(source.id, { name: 'Post', reference: 'post', parentId: root.unitId });
    return { source, root, district, clinic, post };
  }
}
