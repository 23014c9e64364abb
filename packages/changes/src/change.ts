/**
 * What a writer says about a change, and what a reader gets to see of it.
 */
import type { Personal, Secret } from './values';

/** `CREATE` and `UPDATE` for most; others name what happened to the subject: `RELEASE`, `MOVE`, `REVOKE`. */
export type ChangeAction = 'CREATE' | 'UPDATE' | 'DELETE' | 'RESTORE' | (string & {});

/** Fields of a subject by name. Values are JSON; a Date becomes its RFC 3339 text, an undefined field is left out. */
export type ChangeFields = Readonly<Record<string, unknown | Personal | Secret>>;

export interface Change {
  /** The GraphQL type of what changed: `OrgUnit`, `SourceVersion`. */
  subjectType: string;
  subjectId: string;
  /** The org unit by which readers are scoped, when there is one. */
  unitId?: string | null;
  projectId?: string | null;
  /** In capitals: `CREATE`, `UPDATE`, `RELEASE`. */
  action: ChangeAction;
  /** The changed fields as they were; null for a creation. */
  before: ChangeFields | null;
  /** The changed fields as they are now; null for a deletion. Bulk work puts its counts and version pair here. */
  after: ChangeFields | null;
  /** Why, in the words of the person who did it. */
  reason?: string | null;
}

/** A sealed change as it is read. Erased personal values are null, secret ones `{"$secret": true}`. */
export interface ChangeEvent {
  id: string;
  /** 1, 2, 3, … within the account, without gaps. */
  position: number;
  at: Date;
  userId: string | null;
  tokenId: string | null;
  jobId: string | null;
  onBehalfOf: string | null;
  requestId: string;
  subjectType: string;
  subjectId: string;
  unitId: string | null;
  projectId: string | null;
  action: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string | null;
  /** SHA-256 that chains this event to the one before it. */
  hash: Buffer;
}
