/** Operations on the lineage of units, as tests ask for them. */
import type { Data, TestRegistry } from './registry';
import type { Story } from './story';

export const LINEAGE = `id kind ending number effectiveOn reason movedUnits closedAlong version { id number status }
  predecessors { unitId name reference code ended isNew } successors { unitId name reference isNew ended }`;

const RESULT = `lineage { ${LINEAGE} } job { id } version { id number }`;

type Input = Record<string, unknown>;
type Named = { unitId: string; revision: number };

export const named = ({ unitId, revision }: Named) => ({ id: unitId, expectedRevision: revision });

const FIELDS = {
  splitOrgUnit: 'SplitOrgUnitInput',
  mergeOrgUnits: 'MergeOrgUnitsInput',
  replaceOrgUnit: 'ReplaceOrgUnitInput',
  closeOrgUnit: 'CloseOrgUnitInput',
} as const;

/** The four operations, effective on 1 May 2026 unless told otherwise; `try` answers errors too. */
export class LineageStory {
  constructor(readonly registry: TestRegistry) {}

  try(field: keyof typeof FIELDS, input: Input, member?: Parameters<TestRegistry['ask']>[2]) {
    return this.registry.ask(
      `mutation ($input: ${FIELDS[field]}!) { ${field}(input: $input) { ${RESULT} } }`,
      { input: { effectiveOn: '2026-05-01', reason: 'reform', ...input } },
      member,
    );
  }

  private async done(field: keyof typeof FIELDS, input: Input): Promise<Data> {
    const { data, errors } = await this.try(field, input);
    expect(errors).toEqual([]);
    return data[field].lineage;
  }

  split(unit: Named, into: Input[], more: Input = {}): Promise<Data> {
    return this.done('splitOrgUnit', { unit: named(unit), into, ...more });
  }

  merge(units: Named[], into: Input, more: Input = {}): Promise<Data> {
    return this.done('mergeOrgUnits', { units: units.map(named), into, ...more });
  }

  replace(unit: Named, by: Input, more: Input = {}): Promise<Data> {
    return this.done('replaceOrgUnit', { unit: named(unit), by, ...more });
  }

  close(unit: Named, more: Input = {}): Promise<Data> {
    return this.done('closeOrgUnit', { unit: named(unit), ...more });
  }

  async of(unitId: string, version?: string): Promise<Data> {
    const { unitLineage } = await this.registry.data(
      `query ($unit: ID!, $version: ID) { unitLineage(unit: $unit, version: $version) {
        unitId reference isStanding endedBy { kind id } standing { unitId name }
        predecessors { unitId name } operations { kind id } version { number } } }`,
      { unit: unitId, version },
    );
    return unitLineage;
  }
}

export const square = (west: number, south = 0, size = 1) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});
export const at = (longitude: number, latitude = 0.5) => ({ location: { longitude, latitude } });

export interface Country {
  source: { id: string };
  country: Data;
  mira: Data;
  sola: Data;
  clinics: Data[];
}

/** Two districts of a country, three clinics in the first, one in the second; released. */
export async function country(story: Story): Promise<Country> {
  const source = await story.source();
  const root = await story.unit(source.id, { name: 'Kelandi', openingDate: '1960-01-01' });
  const district = (name: string, code: string) =>
    story.unit(source.id, { name, code, parentId: root.unitId, openingDate: '1990-01-01', status: 'VALID' });
  const [mira, sola] = [await district('Mira', 'D1'), await district('Sola', 'D2')];
  const clinics = [
    await story.unit(source.id, { name: 'West', parentId: mira.unitId, ...at(0.5) }),
    await story.unit(source.id, { name: 'East', parentId: mira.unitId, ...at(1.5) }),
    await story.unit(source.id, { name: 'Nowhere', parentId: mira.unitId }),
    await story.unit(source.id, { name: 'South', parentId: sola.unitId, ...at(5) }),
  ];
  await story.release(source.id);
  return { source, country: root, mira, sola, clinics };
}
