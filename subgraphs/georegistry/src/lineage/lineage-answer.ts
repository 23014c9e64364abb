/** Operations and the units of them as they are answered; graphql-js calls the getters and methods by itself. */
import { JobReference } from '@iroko/jobs';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { StateAnswer, UnitAnswer } from '../org-units/place-answer';
import type { SourceRow } from '../sources/source';
import { UserReference } from '../users/user-reference';
import { findSource } from '../versions/find-version';
import type { VersionRow } from '../versions/version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import type { LineageEnding, LineageKind, LineageRow, LineageUnitRow } from './lineage';
import { lineageLoaders } from './lineage-loaders';

type NoArgs = Record<string, never>;

/** A unit of an operation, by what was recorded of it. */
export class LineageUnitAnswer {
  constructor(
    private readonly row: Omit<LineageUnitRow, 'role'>,
    private readonly at: Pick<LineageRow, 'dataSourceId' | 'versionNumber'>,
  ) {}

  get unitId(): string {
    return this.row.unitId;
  }
  get reference(): string {
    return this.row.reference;
  }
  get name(): string {
    return this.row.name;
  }
  get code(): string {
    return this.row.code;
  }
  get ended(): boolean {
    return this.row.ended;
  }
  get isNew(): boolean {
    return this.row.isNew;
  }

  async unit(_args: NoArgs, context: GeoContext): Promise<UnitAnswer | null> {
    const row = await loaders.knownUnit(context).load(this.row.unitId);
    return row ? new UnitAnswer(row) : null;
  }

  async state(_args: NoArgs, context: GeoContext): Promise<StateAnswer | null> {
    const { dataSourceId, versionNumber: number } = this.at;
    const [row, version] = await Promise.all([
      loaders.state(context).load({ unitId: this.row.unitId, dataSourceId, number }),
      loaders.versionByNumber(context).load({ dataSourceId, number }),
    ]);
    return row && version ? new StateAnswer(row, version) : null;
  }
}

export class LineageAnswer {
  constructor(readonly row: LineageRow) {}

  get id(): string {
    return this.row.id;
  }
  get kind(): LineageKind {
    return this.row.kind;
  }
  get ending(): LineageEnding {
    return this.row.ending;
  }
  get number(): number {
    return this.row.number;
  }
  get effectiveOn(): string {
    return this.row.effectiveOn;
  }
  get reason(): string {
    return this.row.reason;
  }
  get madeBy(): UserReference | null {
    return this.row.madeBy === null ? null : UserReference.of(this.row.madeBy);
  }
  get madeAt(): Date {
    return this.row.madeAt;
  }
  get job(): JobReference | null {
    return this.row.jobId === null ? null : JobReference.of(this.row.jobId);
  }
  get movedUnits(): number {
    return this.row.moved;
  }
  get closedAlong(): number {
    return this.row.closedAlong;
  }

  async version(_args: NoArgs, context: GeoContext): Promise<VersionAnswer> {
    return versionAnswer(await versionOf(context, this.row));
  }

  dataSource(_args: NoArgs, context: GeoContext): Promise<SourceRow> {
    return findSource(context, this.row.dataSourceId);
  }

  predecessors(_args: NoArgs, context: GeoContext): Promise<LineageUnitAnswer[]> {
    return this.units(context, 'PREDECESSOR');
  }

  successors(_args: NoArgs, context: GeoContext): Promise<LineageUnitAnswer[]> {
    return this.units(context, 'SUCCESSOR');
  }

  private async units(context: GeoContext, role: LineageUnitRow['role']): Promise<LineageUnitAnswer[]> {
    const units = await lineageLoaders.units(context).load(this.row.id);
    return units.filter((unit) => unit.role === role).map((unit) => new LineageUnitAnswer(unit, this.row));
  }
}

export async function versionOf(
  context: GeoContext,
  { dataSourceId, versionNumber: number }: Pick<LineageRow, 'dataSourceId' | 'versionNumber'>,
): Promise<VersionRow> {
  const version = await loaders.versionByNumber(context).load({ dataSourceId, number });
  if (!version) throw new Error(`Version ${number} of the source ${dataSourceId} is gone.`);
  return version;
}
