/** A version as the API shows it. */
import { JobReference } from '@iroko/jobs';
import type { VersionRow } from './version';

export interface VersionAnswer extends VersionRow {
  heldBy: JobReference | null;
}

export function versionAnswer(row: VersionRow): VersionAnswer {
  return { ...row, heldBy: row.heldByJobId === null ? null : JobReference.of(row.heldByJobId) };
}
