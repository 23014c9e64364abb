/** What goes to the staging tables, as lines of COPY text. Column order as in staging.sql.ts. */
import { hash } from 'node:crypto';
import { textKey } from '@iroko/text';
import type { NewShape } from '../../shapes/shape.sql';
import { arrayLiteral, copyBytes, copyValue } from './copy-text';
import type { Ancestor } from './numbering';
import type { Defect, StagedUnit } from './staged-unit';

/** SHA-256 of the cells as they stand in the file, cut to the 16 bytes of a uuid. */
export function digestOf(cells: readonly string[]): string {
  return hash('sha256', `${cells.length}\u001f${cells.join('\u001f')}`, 'hex').slice(0, 32);
}

const or = (value: string | number | null): string => (value === null ? '\\N' : String(value));

/** A unit of a row. `id` is positive; ancestors that rows only name have negative ones. */
export function unitLine(id: number, unit: StagedUnit, digest: string | null): string {
  const otherKeys = [...unit.aliases.map(textKey), textKey(unit.code)].filter((key) => key !== '').join('\n');
  return `${[
    id,
    unit.line,
    'f',
    unit.ancestor === null ? '\\N' : -unit.ancestor,
    '\\N',
    or(unit.typeNumber),
    or(unit.longitude),
    or(unit.latitude),
    or(unit.altitude),
    or(unit.openingDate),
    or(unit.closedDate),
    or(digest),
    copyValue(unit.layer),
    copyValue(unit.reference),
    copyValue(unit.parentReference),
    or(unit.status),
    copyValue(unit.name),
    copyValue(textKey(unit.name)),
    copyValue(otherKeys),
    unit.reference === null ? '\\N' : copyValue(textKey(unit.reference)),
    copyValue(unit.code),
    unit.aliases.length === 0 ? '{}' : copyValue(arrayLiteral(unit.aliases)),
    unit.groupNumbers.length === 0 ? '\\N' : `{${unit.groupNumbers.join(',')}}`,
    copyBytes(unit.shapeHash),
    unit.attributes === null || Object.keys(unit.attributes).length === 0
      ? '\\N'
      : copyValue(JSON.stringify(unit.attributes)),
    copyValue(unit.identity),
    unit.absent.length === 0 ? '\\N' : `{${unit.absent.join(',')}}`,
  ].join('\t')}\n`;
}

const REST_OF_ANCESTOR = Array.from({ length: 9 }, () => '\\N').join('\t');

/** An ancestor that rows name; `line` is the first row that does. */
export function ancestorLine(ancestor: Ancestor, line: number, typeNumber: number | null): string {
  const parent = ancestor.parent === null ? '\\N' : String(-ancestor.parent);
  const name = `${copyValue(ancestor.name)}\t${copyValue(textKey(ancestor.name))}`;
  const head = `${-ancestor.number}\t${line}\tt\t${parent}\t${ancestor.level}\t${or(typeNumber)}`;
  return `${head}\t${REST_OF_ANCESTOR}\t\\N\t${name}\t\t\\N\t\t{}\t\\N\t\\N\t\\N\t\\N\t\\N\n`;
}

export interface DefectTraces {
  line: number;
  layer: string | null;
  reference: string | null;
  parentReference: string | null;
  /** Number of the ancestor, as in StagedUnit. */
  ancestor: number | null;
  name: string | null;
}

export function defectLine(at: DefectTraces, defect: Defect): string {
  return `${[
    at.line,
    copyValue(at.layer),
    '\\N',
    copyValue(at.reference),
    copyValue(at.parentReference),
    at.ancestor === null ? '\\N' : -at.ancestor,
    copyValue(at.name),
    copyValue(defect.column),
    copyValue(defect.value?.replaceAll('\u0000', '') ?? null),
    defect.reason,
    copyValue(defect.message),
  ].join('\t')}\n`;
}

/** The shape and its simplified forms, which have a level from 1 on. */
export function shapeLines(shape: NewShape): string {
  const [west, south, east, north] = shape.bounds;
  const hashText = copyBytes(shape.hash);
  const full = [
    hashText,
    0,
    '\\N',
    copyBytes(shape.wkb),
    `(${east},${north}),(${west},${south})`,
    shape.areaM2,
    shape.vertexCount,
    copyValue(shape.invalidReason),
  ].join('\t');
  const forms = shape.levels.map((form) =>
    [hashText, form.level, form.tolerance, copyBytes(form.wkb), '\\N', '\\N', form.vertexCount, '\\N'].join(
      '\t',
    ),
  );
  return `${[full, ...forms].join('\n')}\n`;
}
