import { Directive, Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum ShapeDetail {
  FULL = 'FULL',
  FINE = 'FINE',
  MEDIUM = 'MEDIUM',
  COARSE = 'COARSE',
}
registerEnumType(ShapeDetail, {
  name: 'ShapeDetail',
  description: 'How much of a shape to answer. Neighbours that share a border share it at every detail.',
  valuesConfig: {
    FULL: { description: 'As it came.' },
    FINE: { description: 'To 0.0005 degrees, about 50 m.' },
    MEDIUM: { description: 'To 0.005 degrees, about 500 m.' },
    COARSE: { description: 'To 0.05 degrees, about 5 km.' },
  },
});

@Directive('@shareable')
@ObjectType({ description: 'A box in degrees on WGS 84.', simpleResolvers: true })
export class BoundingBox {
  @Field(() => Float, { description: 'Least longitude.' })
  west!: number;

  @Field(() => Float, { description: 'Least latitude.' })
  south!: number;

  @Field(() => Float, { description: 'Greatest longitude.' })
  east!: number;

  @Field(() => Float, { description: 'Greatest latitude.' })
  north!: number;
}

@InputType({ description: 'A box in degrees on WGS 84. West greater than east spans the 180th meridian.' })
export class BoundingBoxInput {
  @Field(() => Float, { description: 'Longitude of the western side, -180 to 180.' })
  west!: number;

  @Field(() => Float, { description: 'Latitude of the southern side, -90 to 90.' })
  south!: number;

  @Field(() => Float, { description: 'Longitude of the eastern side, -180 to 180.' })
  east!: number;

  @Field(() => Float, { description: 'Latitude of the northern side, -90 to 90.' })
  north!: number;
}

@ObjectType('Shape', { description: 'The outline of a place.', simpleResolvers: true })
export class ShapeType {
  @Field(() => Float, { description: 'Its area on the ellipsoid in square metres.' })
  areaM2!: number;

  @Field(() => Int, { description: 'How many positions it has.' })
  vertexCount!: number;

  @Field({ description: 'Whether it is valid by the OGC rules for simple features.' })
  valid!: boolean;

  @Field(() => String, { nullable: true, description: 'What is wrong with it and where; null when valid.' })
  invalidReason!: string | null;

  @Field(() => BoundingBox, { description: 'The smallest box around it.' })
  bounds!: BoundingBox;
}
