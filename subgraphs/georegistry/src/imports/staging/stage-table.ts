/** From a table's rows to the staging tables. */

import type { AccountTransaction } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { GeometryError, readGeoJsonText, readWkt } from '@iroko/geometry';
import { textKey } from '@iroko/text';
import { preparedShape } from '../../shapes/prepare-shape';
import type { ImportMapping } from '../mapping';
import { columnsInUse } from '../tables/columns-in-use';
import type { InputTable } from '../tables/input-table';
import { AncestorIndex, NameIndex } from './numbering';
import { RowReader } from './read-row';
import { ancestorLine, defectLine, digestOf, shapeLines, unitLine } from './staged-lines';
import { Stager } from './stager';
import { groupReferences, insertStagedGroups, insertStagedTypes } from './staging.sql';

const TYPES_MAX = 1000;
const GROUPS_MAX = 20_000;

export interface StagedCounts {
  /** Rows of the file that are not blank, the header left out. */
  rows: number;
  /** Ancestors that rows name. */
  ancestors: number;
  defects: number;
}

export interface StageOptions {
  tx: AccountTransaction;
  table: InputTable;
  mapping: ImportMapping;
  dataSourceId: string;
  /** Called between pieces; may throw to stop. */
  onProgress(bytes: number, rows: number): Promise<void>;
}

/** Reads the whole file. Throws BAD_USER_INPUT for a column that is missing, and what makes the file unreadable. */
export async function stageTable({
  tx,
  table,
  mapping,
  dataSourceId,
  onProgress,
}: StageOptions): Promise<StagedCounts> {
  const inUse = columnsInUse(mapping, table.columns);
  const ancestors = new AncestorIndex();
  const types = new NameIndex(TYPES_MAX, (limit) => tooMany('types', mapping.type, limit));
  const groups = new NameIndex(
    GROUPS_MAX,
    (limit) => tooMany('groups', mapping.groups, limit),
    (name) => name,
  );
  const stager = new Stager(tx);
  const shapeHash = shapeKeeper(stager);
  const reader = new RowReader({
    mapping,
    columns: table.columns,
    inUse,
    decimalSign: table.decimalSign,
    dateOrder: table.dateOrder,
    ancestors,
    types,
    groups,
    knownGroups:
      table.groups && new Set([...table.groups.keys(), ...(await groupReferences(tx, dataSourceId))]),
    referenceRequired: table.format === 'GEOPACKAGE',
    shapeHash,
  });
  for (const reference of table.groups?.keys() ?? []) groups.numberOf(reference);
  const levelTypes = mapping.parents.map((_, level) => {
    const name = mapping.parentTypes[level]?.trim();
    return name ? types.numberOf(name) : null;
  });
  const counts = { rows: 0, ancestors: 0, defects: 0 };
  let bytes = 0;
  for await (const batch of table.rows((read) => {
    bytes = read;
  })) {
    for (const row of batch) {
      if (reader.isBlank(row)) continue;
      counts.rows++;
      const read = reader.read(row);
      if ('defect' in read) {
        counts.defects++;
        stager.defect(
          defectLine({ line: row.line, layer: row.layer ?? null, ...reader.traces(row) }, read.defect),
        );
        continue;
      }
      for (const ancestor of ancestors.takeFresh()) {
        stager.row(ancestorLine(ancestor, row.line, levelTypes[ancestor.level] ?? null));
      }
      stager.row(
        unitLine(counts.rows, read.unit, mapping.duplicates === 'DROP' ? digestOf(row.cells) : null),
      );
    }
    await stager.breathe();
    await onProgress(bytes, counts.rows);
  }
  await stager.end();
  if (counts.rows === 0) throw badInput('The file has a header and no rows.');
  const depths = new Map(levelTypes.map((number, level) => [number, level]));
  await insertStagedTypes(
    tx,
    types.names.map((type) => ({
      ...type,
      depth: depths.get(type.number) ?? table.typeDepths?.get(type.name) ?? null,
    })),
  );
  await insertStagedGroups(
    tx,
    groups.names.map(({ number, name }) => stagedGroup(number, name, table.groups)),
  );
  return { ...counts, ancestors: ancestors.size };
}

/** Where the file lists its groups, rows name them by reference; elsewhere by reference or name. */
function stagedGroup(number: number, named: string, listed: ReadonlyMap<string, string> | undefined) {
  const name = listed?.get(named) ?? named;
  return { number, name, key: textKey(name), reference: listed ? named : null };
}

/** Each different shape is sent once while it is remembered; the database keeps one of those that come again. */
export function shapeKeeper(stager: Stager): (text: string) => Buffer {
  const seen = new Set<string>();
  return (text) => {
    const shape = preparedShape(/^\s*\{/.test(text) ? readGeoJsonText(text) : readWkt(text));
    if (shape.invalidReason !== null)
      throw new GeometryError({ reason: 'SELF_INTERSECTION', message: shape.invalidReason });
    const key = shape.hash.toString('latin1');
    if (!seen.has(key)) {
      if (seen.size > 100_000) seen.clear();
      seen.add(key);
      stager.shape(shapeLines(shape));
    }
    return shape.hash;
  };
}

function tooMany(what: string, column: string | undefined, limit: number): Error {
  return badInput(
    `The column ${JSON.stringify(column ?? '')} names more than ${limit} different ${what}. Is it the right column?`,
    { path: ['mapping', what] },
  );
}
