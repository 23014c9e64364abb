/**
 * Small types that several subgraphs have in common; in the supergraph they are one type each.
 */
import 'reflect-metadata';
import { ERROR_CODES, type ErrorCode, type Outcome } from '@iroko/errors';
import { Directive, Field, Float, InputType, ObjectType, registerEnumType } from 'type-graphql';

export const ErrorCodeEnum = Object.fromEntries(ERROR_CODES.map((code) => [code, code])) as Record<
  ErrorCode,
  ErrorCode
>;
registerEnumType(ErrorCodeEnum, { name: 'ErrorCode', description: 'The published list of error codes.' });

@Directive('@shareable')
@ObjectType('Point', { description: 'A place on WGS 84.', simpleResolvers: true })
export class PointType {
  @Field(() => Float, { description: 'Degrees east, -180 to 180.' })
  longitude!: number;

  @Field(() => Float, { description: 'Degrees north, -90 to 90.' })
  latitude!: number;

  @Field(() => Float, { nullable: true, description: 'Metres above the ellipsoid, when known.' })
  altitude!: number | null;
}

@InputType('PointInput', { description: 'A place on WGS 84.' })
export class PointInput {
  @Field(() => Float, { description: 'Degrees east, -180 to 180.' })
  longitude!: number;

  @Field(() => Float, { description: 'Degrees north, -90 to 90.' })
  latitude!: number;

  @Field(() => Float, { nullable: true, description: 'Metres above the ellipsoid, when known.' })
  altitude?: number | null;
}

@Directive('@shareable')
@ObjectType('Attribute', { description: 'An extra attribute of a record.', simpleResolvers: true })
export class AttributeType {
  @Field({ description: 'Its name, unique in the record.' })
  key!: string;

  @Field(() => String, { nullable: true, description: 'Its value as text.' })
  value!: string | null;
}

@InputType('AttributeInput', { description: 'An extra attribute of a record.' })
export class AttributeInput {
  @Field({ description: 'Its name, unique in the record.' })
  key!: string;

  @Field(() => String, { nullable: true, description: 'Its value as text.' })
  value?: string | null;
}

@Directive('@shareable')
@ObjectType('Outcome', { description: 'What became of one item of a batch.', simpleResolvers: true })
export class OutcomeType implements Outcome {
  @Field({ description: 'Whether the item was taken.' })
  ok!: boolean;

  @Field(() => ErrorCodeEnum, { nullable: true, description: 'Why it was not.' })
  code!: ErrorCode | null;

  @Field(() => [String], { nullable: true, description: 'The input at fault, outermost first.' })
  path!: string[] | null;

  @Field(() => String, { nullable: true, description: 'What was wrong and what to do, for a person.' })
  message!: string | null;
}
