/** A run as it is answered; graphql-js calls the getters and methods by itself. */
import { JobReference } from '@iroko/jobs';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import type { SourceRow } from '../sources/source';
import { UserReference } from '../users/user-reference';
import { findSource } from '../versions/find-version';
import { seesDrafts } from '../versions/version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import type { MatchReport, MatchRunRow } from './match-run';

type NoArgs = Record<string, never>;

export class MatchRunAnswer {
  constructor(readonly row: MatchRunRow) {}

  get id(): string {
    return this.row.id;
  }
  get method(): MatchRunRow['method'] {
    return this.row.method;
  }
  get acceptFrom(): number | null {
    return this.row.settings.acceptFrom ?? null;
  }
  get reviewFrom(): number | null {
    return this.row.settings.reviewFrom ?? null;
  }
  get job(): JobReference {
    if (this.row.jobId === null) throw new Error(`The run ${this.row.id} has no job.`);
    return JobReference.of(this.row.jobId);
  }
  get report(): MatchReport | null {
    return this.row.report;
  }
  get createdBy(): UserReference | null {
    return this.row.createdBy === null ? null : UserReference.of(this.row.createdBy);
  }
  get createdAt(): Date {
    return this.row.createdAt;
  }
  get finishedAt(): Date | null {
    return this.row.finishedAt;
  }

  leftSource(_args: NoArgs, context: GeoContext): Promise<SourceRow> {
    return findSource(context, this.row.leftSourceId);
  }
  rightSource(_args: NoArgs, context: GeoContext): Promise<SourceRow> {
    return findSource(context, this.row.rightSourceId);
  }
  leftVersion(_args: NoArgs, context: GeoContext): Promise<VersionAnswer | null> {
    return version(context, this.row.leftVersionId);
  }
  rightVersion(_args: NoArgs, context: GeoContext): Promise<VersionAnswer | null> {
    return version(context, this.row.rightVersionId);
  }
}

async function version(context: GeoContext, id: string | null): Promise<VersionAnswer | null> {
  const row = id === null ? undefined : await loaders.version(context).load(id);
  const isHidden = row?.status === 'DRAFT' && !seesDrafts(context.viewer);
  return row && !isHidden ? versionAnswer(row) : null;
}
