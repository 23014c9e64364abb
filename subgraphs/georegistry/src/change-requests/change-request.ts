/**
 * What somebody proposes for a unit, as plain data: which fields, which of them somebody else changed since, and what is
 * applied when only some are approved. Plain functions, so that the rules can be read and tried without a database.
 */
import { badInput, conflict } from '@iroko/errors';
import type { UnitField } from '../differences/difference';
import type { ContentField, UnitContent, UnitEdit } from '../org-units/unit-content';

export const REQUEST_KINDS = ['CREATE', 'CHANGE', 'MOVE', 'REMOVE'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export const REQUEST_STATUSES = ['PROPOSED', 'APPROVED', 'REJECTED'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** The name of each field in a unit's content. */
export const CONTENT_OF: Record<UnitField, ContentField> = {
  NAME: 'name',
  ALIASES: 'aliases',
  CODE: 'code',
  TYPE: 'typeId',
  STATUS: 'status',
  PARENT: 'parentId',
  OPENING_DATE: 'openingDate',
  CLOSED_DATE: 'closedDate',
  LOCATION: 'location',
  SHAPE: 'shapeHash',
  GROUPS: 'groupIds',
  ATTRIBUTES: 'attributes',
};
const FIELDS = Object.keys(CONTENT_OF) as UnitField[];

/** The fields that these names of content stand for, in the order in which fields are listed. */
export const fieldsOf = (content: object): UnitField[] =>
  FIELDS.filter((field) => CONTENT_OF[field] in content);

/** The part of a content that these fields are. */
export function contentOfFields(content: Partial<UnitContent>, fields: readonly UnitField[]): UnitEdit {
  return Object.fromEntries(
    fields
      .map((field) => CONTENT_OF[field])
      .filter((name) => name in content)
      .map((name) => [name, content[name]]),
  );
}

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** jsonb has an order of its own for the keys of an object. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fields of an edit in which it differs from the content. */
export const changedFields = (content: UnitContent, edit: UnitEdit): UnitField[] =>
  fieldsOf(edit).filter((field) => !isSame(content[CONTENT_OF[field]], edit[CONTENT_OF[field]]));

/**
 * The fields that are neither as they were seen nor as they shall be: somebody else changed them since, to something
 * else. What somebody else changed to the proposed value is agreement.
 */
export function staleFields(
  seen: UnitEdit,
  proposed: UnitEdit,
  current: UnitContent,
  fields: readonly UnitField[],
): UnitField[] {
  return fields.filter((field) => {
    const name = CONTENT_OF[field];
    return !isSame(current[name], seen[name]) && !(name in proposed && isSame(current[name], proposed[name]));
  });
}

/** Throws CONFLICT that names the fields with the value that was seen, the one there is and the one proposed. */
export function refuseStale(
  seen: UnitEdit,
  proposed: UnitEdit,
  current: UnitContent,
  fields: readonly UnitField[],
): void {
  const stale = staleFields(seen, proposed, current, fields);
  if (stale.length === 0) return;
  const values = Object.fromEntries(
    stale.map((field) => {
      const name = CONTENT_OF[field];
      const both = { seen: seen[name] ?? null, current: current[name] };
      return [field, name in proposed ? { ...both, proposed: proposed[name] ?? null } : both];
    }),
  );
  throw conflict(
    `The unit changed since this was proposed: ${stale.join(', ')}. Approve the other fields, overwrite these, or reject the request.`,
    { fields: stale, values },
  );
}

/** A new unit without its name would be none, and without its parent another root. */
const CREATION_NEEDS: readonly UnitField[] = ['NAME', 'PARENT'];

/** The fields that are applied: all, or those named. Throws BAD_USER_INPUT for none, and for a field not proposed. */
export function appliedFields(
  kind: RequestKind,
  proposed: UnitEdit,
  wanted: readonly UnitField[] | null | undefined,
): UnitField[] {
  const all = fieldsOf(proposed);
  if (!wanted) return all;
  if (kind === 'REMOVE') {
    throw badInput('A removal is approved whole or not at all; leave fields out.', { path: ['fields'] });
  }
  const foreign = wanted.find((field) => !all.includes(field));
  if (foreign) throw badInput(`The request proposes nothing for ${foreign}.`, { path: ['fields'] });
  const needed = kind === 'CREATE' ? CREATION_NEEDS.filter((field) => all.includes(field)) : [];
  const fields = all.filter((field) => wanted.includes(field) || needed.includes(field));
  if (wanted.length === 0) {
    throw badInput('No field is approved. Name at least one, or reject the request.', { path: ['fields'] });
  }
  return fields;
}
