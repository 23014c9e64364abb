/** A row of a merge plan as it is answered: the unit on both sides, and each field with its values on all three. */
import type { GeoContext } from '../context';
import { fieldValue, type UnitField } from '../differences/difference';
import { described } from '../differences/find-differences';
import { loaders } from '../loaders';
import { StateAnswer } from '../org-units/place-answer';
import type { VersionRow } from '../versions/version';
import { asksForParent, isOpen, type MergePlanRecord, type MergeRow } from './merge-plan';

export interface MergeFieldAnswer {
  field: UnitField;
  source: unknown;
  target: unknown;
  base: unknown;
  isConflict: boolean;
  isTaken: boolean;
}

export interface MergeVersions {
  from: VersionRow;
  target: VersionRow;
  base: VersionRow | null;
}

export class MergeRowAnswer {
  constructor(
    readonly plan: MergePlanRecord,
    readonly row: MergeRow,
    private readonly versions: MergeVersions,
  ) {}

  get position() {
    return this.row.position;
  }
  get action() {
    return this.row.action;
  }
  get isApplied() {
    return this.row.chosen;
  }
  get isConflict() {
    return this.row.conflicts.length > 0 || this.row.removalConflict;
  }
  get isOpen() {
    return isOpen(this.row);
  }
  get asksForParent() {
    return asksForParent(this.row);
  }

  source(_args: unknown, context: GeoContext): Promise<StateAnswer | null> {
    return stateIn(context, this.versions.from, this.row.sourceUnitId);
  }
  target(_args: unknown, context: GeoContext): Promise<StateAnswer | null> {
    return stateIn(context, this.versions.target, this.row.targetUnitId);
  }
  parent(_args: unknown, context: GeoContext): Promise<StateAnswer | null> {
    return stateIn(context, this.versions.target, this.row.parentUnitId);
  }

  async fields(_args: unknown, context: GeoContext): Promise<MergeFieldAnswer[]> {
    const { fields, conflicts, taken } = this.row;
    const ancestors = await this.ancestors(context, fields);
    const [source, target, ...before] = await Promise.all(
      [this.source({}, context), this.target({}, context), ...ancestors.values()].map(async (state) => {
        const answer = await state;
        return answer && described(context, answer);
      }),
    );
    const versions = [...ancestors.keys()];
    return fields.map((field) => {
      const ancestor = before[versions.indexOf(this.baseOf(field))];
      return {
        field,
        source: source ? fieldValue(field, source) : null,
        target: target ? fieldValue(field, target) : null,
        base: ancestor ? fieldValue(field, ancestor) : null,
        isConflict: conflicts.includes(field),
        isTaken: taken.includes(field),
      };
    });
  }

  /** The version in which the field is as both began from it; what an earlier merge left out has an older one. */
  private baseOf(field: UnitField): string | null {
    const older = this.row.olderBases?.[field];
    return older === undefined ? (this.versions.base?.id ?? null) : older;
  }

  private async ancestors(
    context: GeoContext,
    fields: readonly UnitField[],
  ): Promise<Map<string | null, Promise<StateAnswer | null>>> {
    const { from } = this.versions;
    const found = new Map<string | null, Promise<StateAnswer | null>>();
    for (const id of new Set(fields.map((field) => this.baseOf(field)))) {
      const version = id === null ? undefined : await loaders.version(context).load(id);
      const isOfSource = version?.dataSourceId === from.dataSourceId;
      const unitId = isOfSource ? this.row.sourceUnitId : this.row.targetUnitId;
      found.set(id, version ? stateIn(context, version, unitId) : Promise.resolve(null));
    }
    return found;
  }
}

async function stateIn(
  context: GeoContext,
  version: VersionRow,
  unitId: string | null | undefined,
): Promise<StateAnswer | null> {
  if (!unitId) return null;
  const { dataSourceId, number } = version;
  const row = await loaders.state(context).load({ unitId, dataSourceId, number });
  return row ? new StateAnswer(row, version) : null;
}
