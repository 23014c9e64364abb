/**
 * From the cells of a row to a unit, or to the defect that sends the row to quarantine. No database: whether a parent
 * exists and which unit this is, the statements decide that see all rows.
 */
import { checkPosition } from '@iroko/geometry';
import type { DateOrder, DecimalSign } from '@iroko/tabular';
import { UNIT_STATUSES, type UnitStatus } from '../../org-units/unit-content';
import type { ImportMapping } from '../mapping';
import type { ColumnsInUse } from '../tables/columns-in-use';
import type { InputRow } from '../tables/input-table';
import type { AncestorIndex, NameIndex } from './numbering';
import { oneReferenceForm } from './reference-form';
import { RowCells, RowDefect, TEXT_LENGTH_MAX, VALUE_LENGTH_MAX } from './row-cells';
import type { DefectTraces } from './staged-lines';
import type { Defect, StagedUnit } from './staged-unit';

export interface RowRules {
  mapping: ImportMapping;
  columns: readonly string[];
  inUse: ColumnsInUse;
  decimalSign: DecimalSign;
  dateOrder: DateOrder;
  ancestors: AncestorIndex;
  types: NameIndex;
  groups: NameIndex;
  /** References of the groups there are, in a file that lists its groups; others are a defect. */
  knownGroups?: ReadonlySet<string> | undefined;
  /** Whether a row without a reference is a defect. */
  referenceRequired: boolean;
  /** Keeps a shape given as WKT or GeoJSON and answers its hash. Throws GeometryError. */
  shapeHash(text: string): Buffer;
}

const ALIASES_MAX = 100;
const GROUPS_MAX = 500;
const ALTITUDE_METRES: readonly [number, number] = [-20_000, 100_000];

export class RowReader {
  private readonly fixedType: number | null;
  private readonly cells: RowCells;

  constructor(private readonly rules: RowRules) {
    this.cells = new RowCells({ ...rules, emptyTexts: rules.mapping.emptyTexts });
    this.fixedType =
      rules.mapping.fixedType === undefined ? null : rules.types.numberOf(rules.mapping.fixedType.trim());
  }

  /** Whether the row holds nothing at all: such rows are passed over. */
  isBlank(row: InputRow): boolean {
    return row.cells.every((cell) => cell === '' || cell.trim() === '');
  }

  read(row: InputRow): { unit: StagedUnit } | { defect: Defect } {
    this.cells.use(row.cells);
    try {
      return { unit: this.unit(row) };
    } catch (error) {
      if (error instanceof RowDefect) return { defect: error.defect };
      throw error;
    }
  }

  /** What is known of a defective row, so that rows below it find it. */
  traces(row: InputRow): Pick<DefectTraces, 'reference' | 'parentReference' | 'ancestor' | 'name'> {
    this.cells.use(row.cells);
    const { inUse, ancestors } = this.rules;
    const short = (index: number | undefined) => {
      const text = this.cells.cell(index);
      return text.length > TEXT_LENGTH_MAX || text.includes('\u0000') ? '' : text;
    };
    return {
      reference: oneReferenceForm(short(inUse.fields.reference)) || null,
      parentReference: oneReferenceForm(short(inUse.fields.parentReference)) || null,
      ancestor: inUse.parents.length === 0 ? null : ancestors.numberOf(inUse.parents.map(short)),
      name: short(inUse.fields.name) || null,
    };
  }

  private unit(row: InputRow): StagedUnit {
    const { inUse, columns, mapping, ancestors } = this.rules;
    if (row.defect) throw new RowDefect(row.defect);
    if (
      row.cells.length > columns.length &&
      row.cells.slice(columns.length).some((cell) => cell.trim() !== '')
    ) {
      const message = `The row has ${row.cells.length} cells, the header ${columns.length}. A separator inside a text needs quotes around it.`;
      throw new RowDefect({ column: null, value: null, reason: 'TOO_MANY_CELLS', message });
    }
    const name = this.cells.text('name');
    if (name === '') this.cells.fail('name', 'NAME_MISSING', 'The name is empty.');
    const [openingDate, closedDate] = this.dates();
    const [longitude, latitude, altitude] = this.location();
    const reference = oneReferenceForm(this.cells.text('reference'));
    if (reference === '' && this.rules.referenceRequired) {
      this.cells.fail('reference', 'REFERENCE_MISSING', 'The reference is empty; here every unit needs one.');
    }
    return {
      line: row.line,
      layer: row.layer ?? null,
      absent: row.absent ?? [],
      name,
      reference: reference === '' ? null : reference,
      parentReference: oneReferenceForm(this.cells.text('parentReference')) || null,
      typeNumber: this.typeNumber(),
      longitude,
      latitude,
      altitude,
      code: this.cells.text('code'),
      aliases: this.cells.list('aliases', ALIASES_MAX),
      openingDate,
      closedDate,
      status: this.status(),
      groupNumbers: this.cells.list('groups', GROUPS_MAX).map((group) => this.groupNumber(group)),
      shapeHash: this.shape(),
      attributes: this.attributes(),
      identity: mapping.identity
        ? (inUse.identity ?? []).map((index) => this.cells.cell(index)).join('\u001f')
        : null,
      // Last, so that a defective row brings no ancestors.
      ancestor:
        inUse.parents.length === 0
          ? null
          : ancestors.numberOf(
              inUse.parents.map((index) =>
                this.cells.checked(this.cells.cell(index), index, TEXT_LENGTH_MAX),
              ),
            ),
    };
  }

  private groupNumber(group: string): number {
    const { groups, knownGroups } = this.rules;
    if (!knownGroups) return groups.numberOf(group);
    const reference = oneReferenceForm(group);
    if (!knownGroups.has(reference)) {
      this.cells.fail(
        'groups',
        'UNKNOWN_GROUP',
        `There is no group ${JSON.stringify(group)} in the file or the source.`,
      );
    }
    return groups.numberOf(reference);
  }

  private location(): [number | null, number | null, number | null] {
    const longitude = this.cells.number('longitude');
    const latitude = this.cells.number('latitude');
    const altitude = this.cells.number('altitude');
    if (longitude === null || latitude === null) {
      if (longitude === latitude && altitude === null) return [null, null, null];
      const field = longitude === null ? 'longitude' : 'latitude';
      this.cells.fail(
        field,
        'COORDINATES_INCOMPLETE',
        `The ${field} is empty although the row has the other coordinates.`,
      );
    }
    const defect = checkPosition([longitude, latitude]);
    if (defect) {
      const field = Math.abs(longitude) > 180 ? 'longitude' : 'latitude';
      this.cells.fail(field, 'COORDINATES_OUT_OF_RANGE', defect.message);
    }
    const [lowest, highest] = ALTITUDE_METRES;
    if (altitude !== null && (altitude < lowest || altitude > highest)) {
      this.cells.fail(
        'altitude',
        'ALTITUDE_OUT_OF_RANGE',
        `Altitudes go from ${lowest} to ${highest} metres.`,
      );
    }
    return [longitude, latitude, altitude];
  }

  private dates(): [string | null, string | null] {
    const [opening, closed] = [this.cells.date('openingDate'), this.cells.date('closedDate')];
    if (opening !== null && closed !== null && closed <= opening) {
      this.cells.fail(
        'closedDate',
        'DATES_REVERSED',
        `The unit closes on ${closed}, not after it opens on ${opening}.`,
      );
    }
    return [opening, closed];
  }

  private status(): UnitStatus | null {
    const cell = this.cells.cell(this.rules.inUse.fields.status).toUpperCase();
    if (cell === '') return null;
    return (
      UNIT_STATUSES.find((status) => status === cell) ??
      this.cells.fail('status', 'UNKNOWN_STATUS', `A status is one of ${UNIT_STATUSES.join(', ')}.`)
    );
  }

  private typeNumber(): number | null {
    const name = this.cells.text('type');
    return name === '' ? this.fixedType : this.rules.types.numberOf(name);
  }

  private shape(): Buffer | null {
    const cell = this.cells.cell(this.rules.inUse.fields.shape);
    if (cell === '') return null;
    try {
      return this.rules.shapeHash(cell);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'GeometryError') throw error;
      const isReadable = 'reason' in error && error.reason !== 'MALFORMED' && error.reason !== 'WRONG_TYPE';
      return this.cells.fail('shape', isReadable ? 'SHAPE_INVALID' : 'SHAPE_UNREADABLE', error.message);
    }
  }

  private attributes(): Record<string, string | null> | null {
    const { attributes, fields } = this.rules.inUse;
    if (attributes.length === 0 && fields.attributesObject === undefined) return null;
    const kept: Record<string, string | null> = this.attributesObject();
    for (const { index, key } of attributes) {
      const value = this.cells.checked(this.cells.cell(index), index, VALUE_LENGTH_MAX);
      if (value !== '') kept[key] = value;
    }
    return kept;
  }

  private attributesObject(): Record<string, string | null> {
    const cell = this.cells.cell(this.rules.inUse.fields.attributesObject);
    if (cell === '') return {};
    const refuse = (): never =>
      this.cells.fail(
        'attributesObject',
        'ATTRIBUTES_UNREADABLE',
        'Attributes are a JSON object of texts, such as {"beds": "12"}.',
      );
    let value: unknown;
    try {
      value = JSON.parse(cell);
    } catch {
      return refuse();
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse();
    const isText = (member: unknown) =>
      member === null || (typeof member === 'string' && !member.includes('\u0000'));
    const entries = Object.entries(value);
    if (!entries.every(([key, member]) => isText(member) && key !== '' && !key.includes('\u0000')))
      return refuse();
    return value as Record<string, string | null>;
  }
}
