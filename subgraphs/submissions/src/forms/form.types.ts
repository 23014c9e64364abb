/** Forms as the API shows them. */
import 'reflect-metadata';
import { connectionOf } from '@iroko/graph';
import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'One thing a form asks.', simpleResolvers: true })
export class Question {
  @Field({ description: 'Where its answer stands, from the root: `/data/household/age`.' })
  path!: string;

  @Field({ description: 'The last step of the path.' })
  name!: string;

  @Field({
    description: 'The type in the XForm: `string`, `int`, `decimal`, `date`, `geopoint`, `binary` and so on.',
  })
  type!: string;

  @Field({ description: 'Whether it must always be answered.' })
  required!: boolean;

  @Field(() => String, { nullable: true, description: 'The path of the innermost repeat it stands in.' })
  repeatPath!: string | null;
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A form in one version, as phones download it.', simpleResolvers: true })
export class FormVersion {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => Int, {
    description: 'Counts the versions of the form, from 1, in the order they were uploaded.',
  })
  number!: number;

  @Field({ description: 'The version that the XForm states; empty when it states none.' })
  version!: string;

  @Field({ description: 'The title that the XForm states.' })
  title!: string;

  @Field({ description: 'MD5 of the definition in hexadecimal, by which phones notice a change.' })
  md5!: string;

  @Field({ description: 'When it was uploaded.' })
  createdAt!: Date;

  formUuid!: string;
}

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A form: what is asked at places. Its versions come from uploaded XForms.',
  simpleResolvers: true,
})
export class Form {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'The id that the XForm states; phones know the form by it. Unique in the account.' })
  formId!: string;

  @Field({ description: 'Its name, for people.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The path of the question whose answer is the id of the org unit. Null: submissions of this form have no unit.',
  })
  unitQuestion!: string | null;

  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision` when you change it.' })
  revision!: number;

  @Field({ description: 'When it was made.' })
  createdAt!: Date;

  @Field({ description: 'When it was last changed.' })
  updatedAt!: Date;

  nameKey!: string;
}

export const FormConnection = connectionOf('Form', () => Form);

@InputType({ description: 'A form to be made from an uploaded XForm.' })
export class CreateFormInput {
  @Field(() => ID, {
    description: 'The uploaded XForm XML, from `POST /files`. Its bytes are kept as they are.',
  })
  fileId!: string;

  @Field(() => String, { nullable: true, description: "1 to 255 characters; the XForm's title without it." })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The path of the question whose answer is the id of an org unit, such as `/data/clinic`; it stands in no repeat. Without it: the question called `orgUnit`, when there is exactly one. Empty: none.',
  })
  unitQuestion?: string | null;
}

@InputType({ description: 'Changes to a form. What is left out stays.' })
export class UpdateFormInput {
  @Field(() => ID, { description: 'The form.' })
  id!: string;

  @Field(() => Int, { description: 'The revision you read; CONFLICT when the form has another one by now.' })
  expectedRevision!: number;

  @Field(() => String, { nullable: true, description: '1 to 255 characters.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'As in `createForm`; counts for submissions that arrive from now on. Empty: none.',
  })
  unitQuestion?: string | null;
}
