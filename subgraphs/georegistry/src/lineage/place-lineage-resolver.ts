/** What lineage adds to a place, in either of its forms. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { type StateAnswer, UnitAnswer } from '../org-units/place-answer';
import { OrgUnitStateType, OrgUnitType } from '../org-units/place-type';
import type { LineageAnswer, LineageUnitAnswer } from './lineage-answer';
import { lineageLoaders } from './lineage-loaders';
import { LineageType, LineageUnitType } from './lineage-type';
import { currentKey, endedBy, predecessorsOf, standingStates } from './unit-lineage';

const endedByField = {
  nullable: true,
  description:
    'The operation that ended it (a split, a merge, a replacement, a closing); null while it stands, and where none did.',
} as const;
const predecessorsField = {
  description:
    'The units in whose place it is, over any number of operations, the nearest first: what was recorded at them, or under their references and codes, belongs to its past.',
};

@Resolver(() => OrgUnitType)
export class OrgUnitLineageResolver {
  @FieldResolver(() => Boolean, {
    description: 'Whether the current version holds it, and without a closing date.',
  })
  async isStanding(@Root() unit: UnitAnswer, @Ctx() context: GeoContext): Promise<boolean> {
    const { number } = await currentKey(context, unit.row);
    return unit.row.versionNumber === number && unit.row.closedDate === null;
  }

  @FieldResolver(() => LineageType, endedByField)
  async endedBy(@Root() unit: UnitAnswer, @Ctx() context: GeoContext): Promise<LineageAnswer | null> {
    return endedBy(context, await currentKey(context, unit.row));
  }

  @FieldResolver(() => [OrgUnitType], {
    description:
      'The units that stand in its place in the current version, over any number of operations; none while it stands itself, and where it closed without a successor.',
  })
  async successors(@Root() unit: UnitAnswer, @Ctx() context: GeoContext): Promise<UnitAnswer[]> {
    const key = await currentKey(context, unit.row);
    const ids = await lineageLoaders.standing(context, key).load(key.unitId);
    const others = ids.filter((id) => id !== key.unitId);
    const rows = await Promise.all(others.map((id) => loaders.currentUnit(context).load(id)));
    return rows.filter((row) => row !== undefined).map((row) => new UnitAnswer(row));
  }

  @FieldResolver(() => [LineageUnitType], predecessorsField)
  async predecessors(@Root() unit: UnitAnswer, @Ctx() context: GeoContext): Promise<LineageUnitAnswer[]> {
    return predecessorsOf(context, await currentKey(context, unit.row));
  }
}

@Resolver(() => OrgUnitStateType)
export class OrgUnitStateLineageResolver {
  @FieldResolver(() => LineageType, endedByField)
  endedBy(@Root() state: StateAnswer, @Ctx() context: GeoContext): Promise<LineageAnswer | null> {
    return endedBy(context, state.key);
  }

  @FieldResolver(() => [OrgUnitStateType], {
    description:
      'The units that stand in its place in this version, over any number of operations; none while it stands itself, and where it closed without a successor.',
  })
  async successors(@Root() state: StateAnswer, @Ctx() context: GeoContext): Promise<StateAnswer[]> {
    const standing = await standingStates(context, state.key, state.of);
    return standing.filter(({ unitId }) => unitId !== state.unitId);
  }

  @FieldResolver(() => [LineageUnitType], predecessorsField)
  predecessors(@Root() state: StateAnswer, @Ctx() context: GeoContext): Promise<LineageUnitAnswer[]> {
    return predecessorsOf(context, state.key);
  }
}
