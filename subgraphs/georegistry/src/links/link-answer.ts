/** A link as it is answered; graphql-js calls the getters and methods by itself. */
import type { GeoContext } from '../context';
import { LineageAnswer } from '../lineage/lineage-answer';
import { lineageLoaders } from '../lineage/lineage-loaders';
import { loaders } from '../loaders';
import { MatchRunAnswer } from '../matching/match-run-answer';
import { UnitAnswer } from '../org-units/place-answer';
import type { SourceRow } from '../sources/source';
import { UserReference } from '../users/user-reference';
import { findSource } from '../versions/find-version';
import type { FeatureShare, LinkRow } from './link';

type NoArgs = Record<string, never>;

export class LinkAnswer {
  constructor(readonly row: LinkRow) {}

  get id(): string {
    return this.row.id;
  }
  get status(): LinkRow['status'] {
    return this.row.status;
  }
  get score(): number {
    return this.row.score;
  }
  get origin(): LinkRow['origin'] {
    return this.row.origin;
  }
  get features(): FeatureShare[] {
    return this.row.features ?? [];
  }
  get firstUnitId(): string {
    return this.row.firstUnitId;
  }
  get secondUnitId(): string {
    return this.row.secondUnitId;
  }
  get decidedBy(): UserReference | null {
    return this.row.decidedBy === null ? null : UserReference.of(this.row.decidedBy);
  }
  get decidedAt(): Date | null {
    return this.row.decidedAt;
  }
  get reason(): string | null {
    return this.row.reason;
  }
  get revision(): number {
    return this.row.revision;
  }
  get createdAt(): Date {
    return this.row.createdAt;
  }
  get updatedAt(): Date {
    return this.row.updatedAt;
  }

  first(_args: NoArgs, context: GeoContext): Promise<UnitAnswer | null> {
    return unit(context, this.row.firstUnitId);
  }
  second(_args: NoArgs, context: GeoContext): Promise<UnitAnswer | null> {
    return unit(context, this.row.secondUnitId);
  }
  async matchRun(_args: NoArgs, context: GeoContext): Promise<MatchRunAnswer | null> {
    const { matchRunId } = this.row;
    const run = matchRunId === null ? undefined : await loaders.matchRun(context).load(matchRunId);
    return run ? new MatchRunAnswer(run) : null;
  }
  async lineage(_args: NoArgs, context: GeoContext): Promise<LineageAnswer | null> {
    const { lineageId } = this.row;
    if (lineageId === null || !context.viewer.permissions.has('org_units.read')) return null;
    const row = await lineageLoaders.lineage(context).load(lineageId);
    return row ? new LineageAnswer(row) : null;
  }
  firstSource(_args: NoArgs, context: GeoContext): Promise<SourceRow> {
    return findSource(context, this.row.firstSourceId);
  }
  secondSource(_args: NoArgs, context: GeoContext): Promise<SourceRow> {
    return findSource(context, this.row.secondSourceId);
  }
}

/** Nothing for those who may read links and no units. */
async function unit(context: GeoContext, id: string): Promise<UnitAnswer | null> {
  if (!context.viewer.permissions.has('org_units.read')) return null;
  const row = await loaders.knownUnit(context).load(id);
  return row ? new UnitAnswer(row) : null;
}
