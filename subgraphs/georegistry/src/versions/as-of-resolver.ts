/** Lists and units on a day: in the newest version that was released by its end. */
import { isId } from '@iroko/database';
import { DateScalar, PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { findUnits } from '../org-units/find-units';
import { StateAnswer } from '../org-units/place-answer';
import { OrgUnitStateConnection, OrgUnitStateType } from '../org-units/place-type';
import { unitSource } from '../org-units/unit.sql';
import type { UnitConnection } from '../org-units/unit-connection';
import { OrgUnitFilter } from '../org-units/unit-filter';
import { OrgUnitSort } from '../org-units/unit-sort';
import { findSource } from './find-version';
import type { VersionRow } from './version';
import { newestReleasedBy } from './version.sql';

const asOfArg = { description: "The day, in the time zone of the source, else the account's." };

@Resolver()
export class AsOfResolver {
  @Authorized('org_units.read')
  @Query(() => OrgUnitStateType, {
    nullable: true,
    description:
      'One unit on a day, in the newest version that was released by its end; null when there was none, or it does not hold the unit.',
  })
  async orgUnitStateAsOf(
    @Arg('unit', () => ID, { description: 'The id of the unit.' }) unit: string,
    @Arg('asOf', () => DateScalar, asOfArg) asOf: string,
    @Ctx() context: GeoContext,
  ): Promise<StateAnswer | null> {
    const known = isId(unit) ? await unitSource(context.db, unit) : undefined;
    const source = known && (await loaders.source(context).load(known.dataSourceId));
    const version = source && (await newestReleasedBy(context.db, source.id, asOf));
    if (!version) return null;
    const { dataSourceId, number } = version;
    const row = await loaders.state(context).load({ unitId: unit, dataSourceId, number });
    return row ? new StateAnswer(row, version) : null;
  }

  @Authorized('org_units.read')
  @Query(() => OrgUnitStateConnection, {
    description:
      'Units of a source on a day, in the newest version that was released by its end; empty when there was none. NOT_FOUND for the source and for the unit of a subtree filter.',
  })
  async orgUnitStatesAsOf(
    @Arg('dataSource', () => ID, { description: 'The id of the source.' }) dataSource: string,
    @Arg('asOf', () => DateScalar, asOfArg) asOf: string,
    @Arg('filter', () => OrgUnitFilter, {
      nullable: true,
      description: 'Which units; all of them without it.',
    })
    filter: OrgUnitFilter | null,
    @Arg('sort', () => OrgUnitSort, { defaultValue: OrgUnitSort.NAME, description: 'In which order.' })
    sort: OrgUnitSort,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<UnitConnection<StateAnswer>> {
    const source = await findSource(context, dataSource);
    const version = await newestReleasedBy(context.db, source.id, asOf);
    const versions = version ? [version] : [];
    const request = { list: 'orgUnitStates' as const, versions, filter, sort, page };
    return findUnits(context, request, (row) => new StateAnswer(row, version as VersionRow));
  }
}
