/** What `late-indexes.ts` asks of the catalogue. */

export interface IndexDefinition {
  /** With its schema, quoted as needed. */
  name: string;
  definition: string;
}

/** Indexes of states and of the words of their names that hold nothing unique, and that no check looks into. */
export const definitionsOf = `
  SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i
  WHERE i.indrelid IN ('georegistry.org_unit_state'::regclass, 'georegistry.unit_word'::regclass)
    AND NOT i.indisunique AND i.indexrelid <> 'georegistry.org_unit_state_from'::regclass
  ORDER BY name`;
