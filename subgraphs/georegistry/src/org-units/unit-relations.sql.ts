/** Conditions on a state `s` by what refers to its unit: submissions made at it, links to units of other sources. */
import { type AccountDatabase, isId, type Statement } from '@iroko/database';
import { inReach } from '@iroko/viewer';
import type { Reach } from '../scope/reach.sql';
import {
  type OrgUnitLinksFilter,
  type OrgUnitSubmissionsFilter,
  SubmissionPresence,
} from './unit-filter-parts';

const ids = (values: readonly string[]): string[] => values.filter(isId);

/** Asked of the contract view of submissions. */
export function bySubmissions(
  db: AccountDatabase,
  { presence, forms, receivedFrom, receivedBefore }: OrgUnitSubmissionsFilter,
): Statement {
  const { sql } = db;
  const which = sql.join(
    [
      sql`x.account_id = ${db.account}`,
      ...(forms ? [sql`x.form_id = ANY(${ids(forms)}::uuid[])`] : []),
      ...(receivedFrom ? [sql`x.received_at >= ${receivedFrom}::timestamptz`] : []),
      ...(receivedBefore ? [sql`x.received_at < ${receivedBefore}::timestamptz`] : []),
    ],
    ' AND ',
  );
  if (presence === SubmissionPresence.DUPLICATES) {
    return sql`s.unit_id IN (SELECT x.org_unit_id FROM submissions.unit_submission x WHERE ${which}
      GROUP BY x.org_unit_id, x.form_id HAVING count(*) > 1)`;
  }
  const not = sql.raw(presence === SubmissionPresence.NONE ? 'NOT' : '');
  return sql`${not} EXISTS (SELECT FROM submissions.unit_submission x WHERE ${which} AND x.org_unit_id = s.unit_id)`;
}

/** A link has no direction: the unit may stand on either side. One to a unit out of reach is none that is seen. */
export function byLinks(
  db: AccountDatabase,
  source: string,
  { has, statuses, unit, source: otherSource, version }: OrgUnitLinksFilter,
  reach: Reach,
): Statement {
  const { sql } = db;
  const linked = (own: 'first' | 'second', other: 'first' | 'second') => {
    const column = (side: string, what: string) => sql.raw(`l.${side}_${what}`);
    const parts = [
      sql`l.account_id = ${db.account} AND l.status = ANY(${statuses}::text[])`,
      sql`${column(own, 'source_id')} = ${source}`,
      ...(unit == null ? [] : [sql`${column(other, 'unit_id')} = ANY(${ids([unit])}::uuid[])`]),
      ...(otherSource == null
        ? []
        : [sql`${column(other, 'source_id')} = ANY(${ids([otherSource])}::uuid[])`]),
      ...(version == null ? [] : [heldBy(db, version, column(other, 'unit_id'))]),
      inReach(db, column(other, 'unit_id'), reach),
    ];
    return sql`SELECT ${column(own, 'unit_id')} FROM georegistry.link l WHERE ${sql.join(parts, ' AND ')}`;
  };
  return sql`s.unit_id ${sql.raw(has ? 'IN' : 'NOT IN')} (
    ${linked('first', 'second')} UNION ALL ${linked('second', 'first')})`;
}

/** Whether a version holds the unit. */
const heldBy = (db: AccountDatabase, version: string, unitId: Statement): Statement => db.sql`
  EXISTS (
    SELECT FROM georegistry.source_version v
    JOIN georegistry.org_unit_state o ON o.account_id = ${db.account} AND o.unit_id = ${unitId}
      AND o.data_source_id = v.data_source_id AND o.from_version <= v.number
      AND (o.to_version IS NULL OR o.to_version > v.number)
    WHERE v.account_id = ${db.account} AND v.id = ANY(${ids([version])}::uuid[]))`;
