/** The import mapping as GraphQL input. What each field means stands in mapping.ts; the rules are checked there. */
import 'reflect-metadata';
import { DATE_ORDERS, DECIMAL_SIGNS, ENCODINGS } from '@iroko/tabular';
import { Field, InputType, registerEnumType } from 'type-graphql';
import { UNIT_STATUSES } from '../org-units/unit-content';

function enumOf<Value extends string>(values: readonly Value[]): Record<Value, Value> {
  return Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;
}

export const DuplicateRows = enumOf(['DROP', 'KEEP']);
export const TextEncoding = enumOf(ENCODINGS);
export const DecimalSignEnum = enumOf(DECIMAL_SIGNS);
export const DateOrderEnum = enumOf(DATE_ORDERS);
const NewUnitStatus = enumOf(UNIT_STATUSES);

registerEnumType(DuplicateRows, {
  name: 'DuplicateRows',
  description:
    'What becomes of rows whose cells all equal those of an earlier row, as they stand in the file.',
  valuesConfig: {
    DROP: { description: 'The first one counts; the others are named in the report.' },
    KEEP: { description: 'Each is a unit of its own.' },
  },
});
registerEnumType(TextEncoding, { name: 'TextEncoding', description: 'How the text of a file is encoded.' });
registerEnumType(DecimalSignEnum, {
  name: 'DecimalSign',
  description: 'The sign before the decimals of a number.',
});
registerEnumType(DateOrderEnum, {
  name: 'DateOrder',
  description: 'The order of a date of numbers. Dates as YYYY-MM-DD are read whatever the order says.',
});
registerEnumType(NewUnitStatus, { name: 'ImportedUnitStatus', description: 'The status of imported units.' });

@InputType({ description: 'A column that is kept as an attribute of the unit.' })
export class AttributeColumnInput {
  @Field(() => String, { description: 'The column as the header names it.' })
  column!: string;

  @Field(() => String, { description: 'The key of the attribute, 1 to 255 characters.' })
  key!: string;
}

const column = (what: string) => ({ nullable: true, description: `Column of ${what}.` });

@InputType({
  description:
    'Which columns of a file mean what, as the header names them. A column that is not mapped is left untouched in units that are there. A column that the file lacks refuses the file.',
})
export class ImportMappingInput {
  @Field(() => String, { description: "Column of the unit's name." })
  name!: string;

  @Field(() => String, column('the reference by which the source knows the unit'))
  reference?: string | null;

  @Field(() => String, column("the type's name; a type of a new name is made"))
  type?: string | null;

  @Field(() => String, { nullable: true, description: 'The type of every row, where no column says it.' })
  fixedType?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Columns of the names of the ancestors, the outermost first. Empty cells are skipped.',
  })
  parents?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of the types of the ancestors, in the order of `parents`; an empty text for none.',
  })
  parentTypes?: string[] | null;

  @Field(() => String, column("the parent's reference, instead of `parents`"))
  parentReference?: string | null;

  @Field(() => String, column('the longitude in degrees, WGS 84'))
  longitude?: string | null;

  @Field(() => String, column('the latitude in degrees, WGS 84'))
  latitude?: string | null;

  @Field(() => String, column('the altitude in metres'))
  altitude?: string | null;

  @Field(() => String, column('the code'))
  code?: string | null;

  @Field(() => String, column('other names, apart by `|` or as a JSON list'))
  aliases?: string | null;

  @Field(() => String, column('the opening date'))
  openingDate?: string | null;

  @Field(() => String, column('the closing date'))
  closedDate?: string | null;

  @Field(() => String, column('the status: NEW, VALID or REJECTED'))
  status?: string | null;

  @Field(() => NewUnitStatus, {
    nullable: true,
    description: 'The status of new units without one. NEW without it.',
  })
  newStatus?: keyof typeof NewUnitStatus | null;

  @Field(
    () => String,
    column("the groups' references or names, apart by `|` or as a JSON list; missing ones are made"),
  )
  groups?: string | null;

  @Field(() => String, column('the shape as WKT or GeoJSON in EPSG:4326'))
  shape?: string | null;

  @Field(() => [AttributeColumnInput], {
    nullable: true,
    description: 'Columns kept as attributes; at most 500.',
  })
  attributes?: AttributeColumnInput[] | null;

  @Field(() => String, column('a JSON object whose members are attributes; it replaces those there are'))
  attributesObject?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Columns that together say which place a row is, where references do not: of the name, code, type, ancestors or attributes. Ancestors and name without it.',
  })
  identity?: string[] | null;

  @Field(() => DuplicateRows, { nullable: true, description: 'DROP without it.' })
  duplicates?: keyof typeof DuplicateRows | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Texts that mean an empty cell, such as `NULL`; at most 50.',
  })
  emptyTexts?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The one character between cells. Detected without it.',
  })
  separator?: string | null;

  @Field(() => TextEncoding, { nullable: true, description: 'Detected without it.' })
  encoding?: keyof typeof TextEncoding | null;

  @Field(() => DecimalSignEnum, { nullable: true, description: 'Detected without it.' })
  decimalSign?: keyof typeof DecimalSignEnum | null;

  @Field(() => DateOrderEnum, { nullable: true, description: 'Detected without it.' })
  dateOrder?: keyof typeof DateOrderEnum | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the first row names the columns. Detected without it.',
  })
  header?: boolean | null;

  @Field(() => String, { nullable: true, description: 'The sheet of a spreadsheet. The first without it.' })
  sheet?: string | null;
}
