/** A version of a source as stored, and who may see it. */
import type { Viewer } from '@iroko/viewer';

export interface VersionRow {
  id: string;
  dataSourceId: string;
  number: number;
  status: 'DRAFT' | 'RELEASED';
  name: string;
  description: string;
  createdAt: Date;
  releasedAt: Date | null;
  heldByJobId: string | null;
}

/** Drafts are for those who work on them; for everybody else they do not exist. */
export function seesDrafts(viewer: Viewer): boolean {
  const may = viewer.permissions;
  return (
    may.has('org_units.edit') ||
    may.has('org_units.import') ||
    may.has('sources.edit') ||
    may.has('sources.release')
  );
}
