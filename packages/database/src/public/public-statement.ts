/**
 * How an anonymous request reads: each table through a view of the rows that are marked public. Tables stand in
 * statements by schema and name, always, so putting the view in their place needs no understanding of the rest; a table
 * without such a view, and any statement that could write or lock, is refused.
 */
import { unauthenticated } from '@iroko/errors';
import { Statement } from '../statement';

/** The tables of which some rows are public; `x.y` is read as `x.public_y`. */
export const TABLES_WITH_PUBLIC_ROWS: readonly string[] = [
  'identity.named_account',
  'georegistry.data_source',
  'georegistry.source_version',
  'georegistry.org_unit',
  'georegistry.org_unit_state',
  'georegistry.org_unit_path',
  'georegistry.org_unit_removal',
  'georegistry.org_unit_type',
  'georegistry.org_unit_sub_type',
  'georegistry.group',
  'georegistry.group_set',
  'georegistry.group_set_group',
  'georegistry.lineage',
  'georegistry.lineage_unit',
  'georegistry.shape',
  'georegistry.shape_level',
];

/** Functions of which there is one over public rows; `x.y` is called as `x.public_y`. */
const FUNCTIONS_WITH_PUBLIC_ROWS: readonly string[] = ['georegistry.similar_words'];

/** Functions that read no table: what they are given is all they tell. */
const PURE_FUNCTIONS: readonly string[] = ['georegistry.folded_value', 'georegistry.number_of'];

const NAME =
  /\b(identity|georegistry|submissions|datasets|platform|pg_catalog|information_schema)\s*\.\s*("?)(\w+)\2/gi;
const WRITES =
  /\b(insert|update|delete|merge|truncate|copy|create|alter|drop|grant|call|do|lock|listen|notify|set_config|nextval)\b|\bfor\s+(no\s+key\s+update|key\s+share|update|share)\b|\bpg_\w+\s*\(/i;
const READS = /^\s*(select|with)\b/i;

const known = new Map<string, Statement['parts']>();
const KNOWN_MAX = 2000;

/** The same statement over public rows. Throws UNAUTHENTICATED for what is not for everybody. */
export function publicStatement(statement: Statement): Statement {
  const key = statement.parts.join('\u0000');
  let parts = known.get(key);
  if (!parts) {
    const text = statement.parts.join('');
    if (!READS.test(text) || WRITES.test(text)) throw unauthenticated();
    parts = statement.parts.map(overPublicRows);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, parts);
  }
  return new Statement(parts, statement.values);
}

function overPublicRows(text: string): string {
  return text.replace(NAME, (_, schema: string, _quote: string, table: string) => {
    const name = `${schema}.${table}`;
    if (PURE_FUNCTIONS.includes(name)) return name;
    if (!TABLES_WITH_PUBLIC_ROWS.includes(name) && !FUNCTIONS_WITH_PUBLIC_ROWS.includes(name))
      throw unauthenticated();
    return `${schema}.public_${table}`;
  });
}
