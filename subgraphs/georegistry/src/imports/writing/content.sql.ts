/**
 * What a state shall hold, as SQL over the staged row (r), its type (k) and the state there is (s). A column that is not
 * mapped is left untouched: there the expression is the state's own value.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { ImportMapping } from '../mapping';

export interface ContentColumn {
  column: string;
  value: Statement;
}

/** `g` gives the ids of the row's groups, `q` the parent's unit. */
export function contentColumns(tx: AccountTransaction, mapping: ImportMapping): ContentColumn[] {
  const raw = tx.sql.raw;
  const hasType = mapping.type !== undefined || mapping.fixedType !== undefined;
  /** Ancestors that rows only name have a name, a parent and perhaps a type. */
  const ofRow = (
    isMapped: boolean,
    column: string,
    value: string,
    otherwise = `s.${column}`,
  ): ContentColumn => ({
    column,
    value: raw(
      isMapped
        ? `CASE WHEN r.implied OR '${column}' = ANY (r.absent) THEN ${otherwise} ELSE ${value} END`
        : otherwise,
    ),
  });
  const hasPlace = mapping.longitude !== undefined;
  const altitude =
    mapping.altitude !== undefined ? 'r.altitude' : 'CASE WHEN r.longitude IS NOT NULL THEN s.altitude END';
  return [
    { column: 'parent_id', value: raw('q.unit_id') },
    {
      column: 'type_id',
      value: raw(
        `CASE WHEN r.implied OR NOT ${hasType} THEN coalesce(k.type_id, s.type_id) ELSE k.type_id END`,
      ),
    },
    ofRow(hasPlace, 'longitude', 'r.longitude'),
    ofRow(hasPlace, 'latitude', 'r.latitude'),
    ofRow(hasPlace, 'altitude', altitude),
    ofRow(mapping.openingDate !== undefined, 'opening_date', 'r.opening_date'),
    ofRow(mapping.closedDate !== undefined, 'closed_date', 'r.closed_date'),
    { column: 'status', value: tx.sql`coalesce(r.status, s.status, ${mapping.newStatus}::text)` },
    { column: 'name', value: raw('r.name') },
    ofRow(mapping.code !== undefined, 'code', 'r.code', `coalesce(s.code, '')`),
    ofRow(mapping.aliases !== undefined, 'aliases', 'r.aliases', `coalesce(s.aliases, '{}')`),
    ofRow(mapping.groups !== undefined, 'group_ids', groupIds),
    ofRow(mapping.shape !== undefined, 'shape_hash', 'r.shape_hash'),
    attributes(tx, mapping),
  ];
}

const groupIds = `CASE WHEN r.group_numbers IS NOT NULL THEN (
  SELECT array_agg(DISTINCT g.group_id ORDER BY g.group_id) FROM import_group g WHERE g.number = ANY (r.group_numbers)) END`;

/** Mapped keys replace those of the same name; an object column replaces them all. */
function attributes(tx: AccountTransaction, mapping: ImportMapping): ContentColumn {
  if (mapping.attributesObject !== undefined) {
    return {
      column: 'attributes',
      value: tx.sql`CASE WHEN r.implied THEN s.attributes ELSE r.attributes END`,
    };
  }
  if (mapping.attributes.length === 0) return { column: 'attributes', value: tx.sql`s.attributes` };
  const keys = mapping.attributes.map(({ key }) => key);
  return {
    column: 'attributes',
    value: tx.sql`CASE WHEN r.implied THEN s.attributes
      ELSE nullif(coalesce(s.attributes, '{}') - ${keys}::text[] || coalesce(r.attributes, '{}'), '{}') END`,
  };
}

/**
 * The keys by which the state is found. Folding text is not the database's business, so of what is not mapped the old
 * keys are taken over: they stand in the search key in a fixed order.
 */
export function keyColumns(tx: AccountTransaction, mapping: ImportMapping): ContentColumn[] {
  const old = `string_to_array(s.search_key, E'\\n')`;
  const hasCode = `(coalesce(s.code, '') <> '')::integer`;
  const oldAliases = `nullif(array_to_string((${old})[2 : cardinality(${old}) - 1 - ${hasCode}], E'\\n'), '')`;
  const oldCode = `CASE WHEN coalesce(s.code, '') <> '' THEN (${old})[cardinality(${old}) - 1] END`;
  const parts = [
    'r.name_key',
    mapping.aliases === undefined ? oldAliases : `CASE WHEN r.implied THEN ${oldAliases} END`,
    `nullif(r.other_keys, '')`,
    mapping.code === undefined
      ? oldCode
      : `CASE WHEN r.implied OR 'code' = ANY (r.absent) THEN ${oldCode} END`,
    // A generated reference is the unit's id, which is its own key.
    `coalesce(r.reference_key, (${old})[cardinality(${old})], c.unit_id::text)`,
  ];
  return [
    { column: 'name_key', value: tx.sql`r.name_key` },
    { column: 'search_key', value: tx.sql.raw(`concat_ws(E'\\n', ${parts.join(', ')})`) },
  ];
}
