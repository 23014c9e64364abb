/**
 * Conditions on the extra attributes of a state `s`. One index knows keys and values: it finds units that have an
 * attribute, and units with a value of it; texts within values and numbers are then looked at one by one.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import type { OrgUnitAttributeFilter } from './attribute-filter';

export function byAttribute(db: AccountDatabase, condition: OrgUnitAttributeFilter): Statement {
  const { sql } = db;
  const { values, contains, atLeast, atMost } = condition;
  // Nothing in the database holds a zero byte.
  if (condition.key.includes('\0')) return condition.has ? sql`false` : sql`true`;
  const value = sql`(s.attributes ->> ${condition.key}::text)`;
  if (!condition.has) return without(db, condition.key);
  const parts: Statement[] = [];
  if (values) parts.push(oneOf(db, condition.key, values));
  else parts.push(sql`s.attributes ? ${condition.key}::text AND ${value} IS NOT NULL`);
  if (contains != null) {
    parts.push(
      sql`strpos(georegistry.folded_value(${value}), georegistry.folded_value(${contains.replaceAll('\0', '')}::text)) > 0`,
    );
  }
  if (atLeast != null) parts.push(sql`georegistry.number_of(${value}) >= ${atLeast}::float8::numeric`);
  if (atMost != null) parts.push(sql`georegistry.number_of(${value}) <= ${atMost}::float8::numeric`);
  return sql.join(parts, ' AND ');
}

function oneOf(db: AccountDatabase, key: string, values: readonly string[]): Statement {
  const { sql } = db;
  const held = values
    .filter((value) => !value.includes('\0'))
    .map((value) => sql`s.attributes @> ${JSON.stringify({ [key]: value })}::jsonb`);
  return held.length === 0 ? sql`false` : sql`(${sql.join(held, ' OR ')})`;
}

/** Whether no statistics tell how many units a condition will keep: it looks into values, or asks for none. */
export const isGuesswork = ({ has, contains, atLeast, atMost }: OrgUnitAttributeFilter): boolean =>
  !has || contains != null || atLeast != null || atMost != null;

/** An attribute without a value counts as none. Said in operators whose frequency the planner knows. */
const without = ({ sql }: AccountDatabase, key: string): Statement => sql`
  (s.attributes IS NULL OR NOT s.attributes ? ${key}::text OR s.attributes @> ${JSON.stringify({ [key]: null })}::jsonb)`;
