/** A change request as a row of a table: what it is, and of each field its value before, after and what became of it. */
import { cellOf } from '../comparisons/comparison-columns';
import { UNIT_FIELDS, type UnitField } from '../differences/difference';
import type { ChangeRequestRow } from './change-request.sql';

export interface RequestForFile {
  row: ChangeRequestRow;
  source: string;
  unit: { id: string; reference: string; name: string } | null;
  fields: readonly { field: UnitField; seen: unknown; proposed: unknown }[];
}

const OWN = [
  'id',
  'kind',
  'status',
  'source',
  'unit id',
  'unit reference',
  'unit name',
  'comment',
  'proposed by',
  'proposed at',
  'decided by',
  'decided at',
  'decision reason',
  'merge plan',
];

export const REQUEST_HEADER: readonly string[] = [
  ...OWN,
  ...UNIT_FIELDS.flatMap((field) =>
    ['before', 'after', 'conclusion'].map((part) => `${field.toLowerCase()} ${part}`),
  ),
];

export function requestCells({ row, source, unit, fields }: RequestForFile): string[] {
  const proposed = new Map(fields.map((field) => [field.field, field]));
  const values = UNIT_FIELDS.flatMap((name) => {
    const field = proposed.get(name);
    if (!field) return ['', '', ''];
    return [cellOf(name, field.seen), cellOf(name, field.proposed), conclusion(row, name)];
  });
  const own = [
    row.id,
    row.kind,
    row.status,
    source,
    unit?.id ?? row.unitId,
    unit?.reference ?? row.reference,
    unit?.name ?? row.proposed.name,
    row.comment,
    row.proposedBy,
    row.proposedAt.toISOString(),
    row.decidedBy,
    row.decidedAt?.toISOString(),
    row.decisionReason,
    row.mergePlanId,
  ];
  return [...own.map((value) => value ?? ''), ...values];
}

/** Of an approved request the fields that were left out say so. */
function conclusion({ status, appliedFields }: ChangeRequestRow, field: UnitField): string {
  if (status !== 'APPROVED') return status;
  return appliedFields?.includes(field) ? 'APPROVED' : 'NOT_APPROVED';
}
