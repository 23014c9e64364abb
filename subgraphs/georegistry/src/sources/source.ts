/** A data source as stored, and which of its versions is read. */

export interface SourceRow {
  id: string;
  name: string;
  description: string;
  readOnly: boolean;
  public: boolean;
  timeZone: string | null;
  chosenVersionNumber: number | null;
  releasedVersionNumber: number | null;
  draftVersionNumber: number | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

type VersionNumbers = Pick<SourceRow, 'chosenVersionNumber' | 'releasedVersionNumber' | 'draftVersionNumber'>;

/**
 * The number of the version that is read when none is named: the chosen one, else the newest released one, else,
 * for those who may see drafts, the draft. Null when there is none to see.
 */
export function currentVersionNumber(source: VersionNumbers, seesDrafts: boolean): number | null {
  return (
    source.chosenVersionNumber ??
    source.releasedVersionNumber ??
    (seesDrafts ? source.draftVersionNumber : null)
  );
}
