/** Statements of the baseline of imports. They run as the database's owner, on a database that nobody else uses. */

/** In the order in which their keys allow them to be filled. */
export const COPIED_TABLES = ['org_unit', 'org_unit_path', 'org_unit_state'] as const;

export const copyText = (table: (typeof COPIED_TABLES)[number], direction: 'FROM STDIN' | 'TO STDOUT') =>
  `COPY georegistry.${table} ${direction}`;

export const setTriggers = (what: 'ENABLE' | 'DISABLE') =>
  COPIED_TABLES.map((table) => `ALTER TABLE georegistry.${table} ${what} TRIGGER USER`).join('; ');

export const clearTables = `TRUNCATE ${COPIED_TABLES.map((table) => `georegistry.${table}`).join(', ')}, georegistry.org_unit_removal CASCADE`;
