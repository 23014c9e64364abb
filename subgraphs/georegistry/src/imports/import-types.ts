/** What imports take and answer over GraphQL. */
import 'reflect-metadata';
import { JSONScalar, LongScalar } from '@iroko/graph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateOrderEnum, DecimalSignEnum, ImportMappingInput, TextEncoding } from './mapping-input';

export const AbsentUnits = { REMOVE: 'REMOVE', KEEP: 'KEEP' } as const;
registerEnumType(AbsentUnits, {
  name: 'AbsentUnits',
  description: 'What becomes of units of the draft that the file does not hold.',
  valuesConfig: {
    REMOVE: { description: 'They are removed: the file is the whole tree.' },
    KEEP: { description: 'They stay: the file holds some units, such as corrected rows of a quarantine.' },
  },
});

@InputType({ description: 'A file and how to import it.' })
export class ImportOrgUnitsInput {
  @Field(() => ID, { description: 'The uploaded file: CSV, XLSX or GeoPackage.' })
  fileId!: string;

  @Field(() => ID, { description: 'The source whose draft is filled; it is opened when there is none.' })
  dataSourceId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The draft that is meant; CONFLICT when it was released or discarded. The open draft without it.',
  })
  versionId?: string | null;

  @Field(() => ImportMappingInput, {
    nullable: true,
    description: 'Which columns mean what; for CSV and XLSX.',
  })
  mapping?: ImportMappingInput | null;

  @Field(() => JSONScalar, {
    nullable: true,
    description:
      "The mapping as JSON instead: the same fields, or a recipe of Iaso's tree importer (`name`, `parents`, `longitude`, `latitude`, `source_ref`).",
  })
  recipe?: unknown;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Says what would change and changes nothing. False without it.',
  })
  dryRun?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'A single row that cannot be taken refuses the file. False without it: such rows go to quarantine.',
  })
  strict?: boolean | null;

  @Field(() => AbsentUnits, {
    nullable: true,
    description: 'Without it REMOVE for CSV and XLSX, KEEP for GeoPackage.',
  })
  absentUnits?: keyof typeof AbsentUnits | null;

  @Field(() => String, {
    nullable: true,
    description: 'Asking twice with one key gives the same job; 1 to 200 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'A row of the file as it stands there.', simpleResolvers: true })
export class PreviewRow {
  @Field(() => Int, { description: 'The line of a CSV file, the row of a spreadsheet; from 1.' })
  line!: number;

  @Field(() => [String], { description: 'Its cells, in the order of the columns.' })
  cells!: string[];
}

@ObjectType({ description: 'What a file seems to be, before anything is imported.', simpleResolvers: true })
export class ImportPreview {
  @Field(() => String, { description: 'CSV, XLSX or GEOPACKAGE.' })
  format!: string;

  @Field(() => LongScalar, { description: 'Bytes of the file.' })
  size!: number;

  @Field(() => [String], {
    description: 'The columns by name; empty names become `Column 7`, repeated ones `Name (2)`.',
  })
  columns!: string[];

  @Field(() => [PreviewRow], { description: 'The first 20 rows below the header.' })
  rows!: PreviewRow[];

  @Field(() => String, { nullable: true, description: 'The character between cells; null for spreadsheets.' })
  separator!: string | null;

  @Field(() => TextEncoding, {
    nullable: true,
    description: 'The encoding of the text; null for spreadsheets.',
  })
  encoding!: string | null;

  @Field(() => DecimalSignEnum, { description: 'The decimal sign of numbers.' })
  decimalSign!: string;

  @Field(() => DateOrderEnum, { description: 'The order of dates.' })
  dateOrder!: string;

  @Field(() => Boolean, {
    description: 'Whether the dates that were seen could be read in another order too.',
  })
  dateOrderAmbiguous!: boolean;

  @Field(() => Boolean, { description: 'Whether the first row was taken for a header.' })
  header!: boolean;

  @Field(() => JSONScalar, {
    description:
      'A first guess of the mapping from the names of the columns, or the mapping that was given; for `recipe`.',
  })
  suggestedMapping!: unknown;

  @Field(() => [String], {
    description: 'What keeps the mapping that was given from being used; empty when nothing does.',
  })
  problems!: string[];
}
