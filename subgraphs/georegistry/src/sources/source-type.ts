import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';

@Directive('@key(fields: "id")')
@ObjectType('DataSource', {
  description: 'Where a tree of places comes from: a DHIS2 server, a file, edits by hand.',
  simpleResolvers: true,
})
export class DataSourceType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name, unique in the account apart from accents and capitals.' })
  name!: string;

  @Field({ description: 'What it is about; may be empty.' })
  description!: string;

  @Field({ description: 'Whether nothing of it may change: no edits, no imports, no new groups.' })
  readOnly!: boolean;

  @Field({ description: 'Whether its released versions may be shown to everybody.' })
  public!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "IANA name of the time zone of its days; null for the account's.",
  })
  timeZone!: string | null;

  @Field(() => Int, { description: 'Counts its changes: give it as expectedRevision to change it.' })
  revision!: number;

  @Field({ description: 'When it was made.' })
  createdAt!: Date;

  @Field({ description: 'When it was last changed.' })
  updatedAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was deleted; null when it is not. It can be restored for 30 days.',
  })
  deletedAt!: Date | null;
}

export const DataSourceConnection = countedConnectionOf<DataSourceType>('DataSource', () => DataSourceType);

@InputType({ description: 'A new data source.' })
export class CreateDataSourceInput {
  @Field({ description: '1 to 255 characters, unique in the account apart from accents and capitals.' })
  name!: string;

  @Field({ nullable: true, description: 'What it is about.' })
  description?: string;

  @Field({ nullable: true, description: 'Whether nothing of it may change. False when left out.' })
  readOnly?: boolean;

  @Field({ nullable: true, description: 'Whether everybody may read it. False when left out.' })
  public?: boolean;

  @Field(() => String, {
    nullable: true,
    description: "IANA name of the time zone of its days; the account's when left out.",
  })
  timeZone?: string | null;
}

@InputType({ description: 'Changes of a data source; what is left out stays as it is.' })
export class UpdateDataSourceInput {
  @Field({ nullable: true, description: '1 to 255 characters, unique in the account.' })
  name?: string;

  @Field({ nullable: true, description: 'What it is about.' })
  description?: string;

  @Field({
    nullable: true,
    description: 'Whether nothing of it may change: no edits, no imports, no new groups.',
  })
  readOnly?: boolean;

  @Field({ nullable: true, description: 'Whether everybody may read it.' })
  public?: boolean;

  @Field(() => String, { nullable: true, description: "IANA name; null goes back to the account's." })
  timeZone?: string | null;
}
