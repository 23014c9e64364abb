/**
 * A file, as the API shows it. Its bytes come and go over HTTP.
 */
import { LongScalar } from '@iroko/graph';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType('File', { description: 'An uploaded or generated file.', simpleResolvers: true })
export class FileType {
  @Field(() => ID, { description: 'Its id, for mutations that take a file.' })
  id!: string;

  @Field({ description: 'Its name, as offered for saving.' })
  name!: string;

  @Field({
    description:
      'Its media type, as its bytes say, such as `text/csv`; `application/octet-stream` when unknown.',
  })
  contentType!: string;

  @Field(() => LongScalar, { description: 'Its size in bytes.' })
  size!: number;

  @Field({ description: 'SHA-256 of its bytes, in hexadecimal.' })
  sha256!: string;

  @Field(() => Date, { description: 'When it was stored.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it is removed; null for one that is kept.' })
  expiresAt!: Date | null;

  @Field({
    description: 'A link that opens it for a quarter of an hour, without a token. Ask again for a new one.',
  })
  downloadUrl!: string;
}
