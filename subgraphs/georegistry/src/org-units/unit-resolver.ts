import { PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import { endedUnit } from '../lineage/ended-unit';
import { loaders } from '../loaders';
import { findVersion } from '../versions/find-version';
import { findUnits } from './find-units';
import { versionsToList } from './list-versions';
import { StateAnswer, UnitAnswer } from './place-answer';
import { OrgUnitConnection, OrgUnitStateConnection, OrgUnitStateType, OrgUnitType } from './place-type';
import type { UnitConnection } from './unit-connection';
import { OrgUnitFilter } from './unit-filter';
import { OrgUnitSort } from './unit-sort';

const filterArg = { nullable: true, description: 'Which units; all of them without it.' } as const;
const anyOfArg = {
  nullable: true,
  description:
    '1 to 10 sets of filters, united: units that the filter and at least one set keep, each once. The edges say which set.',
} as const;
const sortArg = { defaultValue: OrgUnitSort.NAME, description: 'In which order.' };

@Resolver(() => OrgUnitType)
export class OrgUnitResolver {
  @Authorized('org_units.read')
  @Query(() => OrgUnitType, {
    nullable: true,
    description:
      'One unit, as the current version of its source has it. One that a split, a merge or a replacement took out is answered as the last version before had it, and names its successors; null for any other that the current version does not hold.',
  })
  async orgUnit(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<UnitAnswer | null> {
    const row = await loaders.currentUnit(context).load(id);
    return row ? new UnitAnswer(row) : endedUnit(context, id);
  }

  @Authorized('org_units.read')
  @Query(() => OrgUnitConnection, {
    description:
      'Units of the current version of a source, or of all sources (at most 50) without one. NOT_FOUND for the source and for the unit of a subtree filter.',
  })
  async orgUnits(
    @Arg('dataSource', () => ID, {
      nullable: true,
      description: 'The id of the source; without it the list is of all sources.',
    })
    dataSource: string | null | undefined,
    @Arg('filter', () => OrgUnitFilter, filterArg) filter: OrgUnitFilter | null,
    @Arg('anyOf', () => [OrgUnitFilter], anyOfArg) anyOf: OrgUnitFilter[] | null,
    @Arg('sort', () => OrgUnitSort, sortArg) sort: OrgUnitSort,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<UnitConnection<UnitAnswer>> {
    const versions = await versionsToList(context, dataSource, filter);
    const request = { list: 'orgUnits' as const, versions, filter, anyOf, sort, page };
    return findUnits(context, request, (row) => new UnitAnswer(row));
  }

  @FieldResolver(() => OrgUnitConnection, { description: 'The units right below it, by name.' })
  async children(
    @Root() unit: UnitAnswer,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<UnitConnection<UnitAnswer>> {
    const versions = [await unit.version({}, context)];
    const request = { list: 'orgUnits' as const, versions, filter: { parent: unit.id }, page };
    return findUnits(context, request, (row) => new UnitAnswer(row));
  }
}

@Resolver(() => OrgUnitStateType)
export class OrgUnitStateResolver {
  @Authorized('org_units.read')
  @Query(() => OrgUnitStateType, {
    nullable: true,
    description:
      'One unit in one version; null when the version does not hold it. NOT_FOUND for the version.',
  })
  async orgUnitState(
    @Arg('unit', () => ID, { description: 'The id of the unit.' }) unit: string,
    @Arg('version', () => ID, { description: 'The id of the version.' }) version: string,
    @Ctx() context: GeoContext,
  ): Promise<StateAnswer | null> {
    const found = await findVersion(context, version);
    const { dataSourceId, number } = found;
    const row = await loaders.state(context).load({ unitId: unit, dataSourceId, number });
    return row ? new StateAnswer(row, found) : null;
  }

  @Authorized('org_units.read')
  @Query(() => OrgUnitStateConnection, {
    description: 'Units of one version. NOT_FOUND for the version and for the unit of a subtree filter.',
  })
  async orgUnitStates(
    @Arg('version', () => ID, { description: 'The id of the version.' }) version: string,
    @Arg('filter', () => OrgUnitFilter, filterArg) filter: OrgUnitFilter | null,
    @Arg('anyOf', () => [OrgUnitFilter], anyOfArg) anyOf: OrgUnitFilter[] | null,
    @Arg('sort', () => OrgUnitSort, sortArg) sort: OrgUnitSort,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<UnitConnection<StateAnswer>> {
    const found = await findVersion(context, version);
    const request = { list: 'orgUnitStates' as const, versions: [found], filter, anyOf, sort, page };
    return findUnits(context, request, (row) => new StateAnswer(row, found));
  }

  @FieldResolver(() => OrgUnitStateConnection, {
    description: 'The units right below it in the same version, by name.',
  })
  children(
    @Root() state: StateAnswer,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<UnitConnection<StateAnswer>> {
    const version = state.of;
    const request = {
      list: 'orgUnitStates' as const,
      versions: [version],
      filter: { parent: state.unitId },
      page,
    };
    return findUnits(context, request, (row) => new StateAnswer(row, version));
  }
}
