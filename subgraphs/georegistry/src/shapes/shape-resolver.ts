import { readWkb } from '@iroko/geometry';
import { GeoJSONScalar } from '@iroko/graph';
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
    const wkb = await loaders.geometry(context, LEVELS[detail]).load(shape.hash);
    if (!wkb) throw new Error(`The shape ${shape.hash} is gone.`);
    return readWkb(wkb);
  }
}
