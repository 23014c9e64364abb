import { centreOf, type MultiPolygon, pointInside, readWkb } from '@iroko/geometry';
import { GeoJSONScalar, PointType } from '@iroko/graph';
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import type { ShapeAnswer } from './shape-answer';
import { ShapeDetail, ShapeType } from './shape-type';

/** The levels as stored; 0 is the geometry as it came. */
const LEVELS: Record<ShapeDetail, number> = { FULL: 0, FINE: 1, MEDIUM: 2, COARSE: 3 };

@Resolver(() => ShapeType)
export class ShapeResolver {
  @FieldResolver(() => GeoJSONScalar, { description: 'A MultiPolygon.' })
  async geometry(
    @Root() shape: ShapeAnswer,
    @Arg('detail', () => ShapeDetail, {
      defaultValue: ShapeDetail.FULL,
      description:
        'How much of it; a shape smaller than the detail is answered as fine as needed to be seen.',
    })
    detail: ShapeDetail,
    @Ctx() context: GeoContext,
  ): Promise<object> {
    return geometryOf(shape, LEVELS[detail], context);
  }

  @FieldResolver(() => PointType, {
    description:
      'The centroid of its area, in degrees as on a plate carrée, holes left out. That of a crescent lies beside it: for labels take `pointInside`.',
  })
  async centroid(@Root() shape: ShapeAnswer, @Ctx() context: GeoContext): Promise<PointType> {
    return { ...centreOf(await geometryOf(shape, LEVELS.FULL, context)), altitude: null };
  }

  @FieldResolver(() => PointType, {
    description:
      'A place in it, never in a hole: the centroid where that lies in it, else one on the parallel through its middle.',
  })
  async pointInside(@Root() shape: ShapeAnswer, @Ctx() context: GeoContext): Promise<PointType> {
    const [longitude = 0, latitude = 0] = pointInside(await geometryOf(shape, LEVELS.FULL, context));
    return { longitude, latitude, altitude: null };
  }
}

async function geometryOf(shape: ShapeAnswer, level: number, context: GeoContext): Promise<MultiPolygon> {
  const wkb = await loaders.geometry(context, level).load(shape.hash);
  if (!wkb) throw new Error(`The shape ${shape.hash} is gone.`);
  return readWkb(wkb) as MultiPolygon;
}
