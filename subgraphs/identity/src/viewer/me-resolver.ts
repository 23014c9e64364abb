import { placesOfUnits, reachOf, seesEveryUnit, type Viewer } from '@iroko/viewer';
import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { AccountType } from '../accounts/account-type';
import { ownAccount } from '../accounts/accounts.sql';
import type { IdentityContext } from '../context';
import { MembershipType } from '../memberships/membership-type';
import { membershipsOf } from '../memberships/memberships';
import { ScopeType } from '../scope/scope-type';
import { activeFactor } from '../second-factor/second-factor.sql';
import { UserType } from '../users/user-type';
import { shownTo } from '../users/users';
import { ViewerKind, ViewerType } from './viewer-type';

@Resolver(() => ViewerType)
export class MeResolver {
  @Query(() => ViewerType, {
    description:
      'Whoever this request acts for. Open to everybody: an anonymous viewer has neither user nor account.',
  })
  me(@Ctx() context: IdentityContext): ViewerType {
    return viewerType(context.viewer);
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'The person; null for an anonymous viewer.' })
  async user(@Root() { viewer }: ViewerType, @Ctx() context: IdentityContext): Promise<UserType | null> {
    if (!viewer.userId) return null;
    const person = await context.services.prisma.user.findUnique({ where: { id: viewer.userId } });
    return person && shownTo({ viewer }, person);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether the person has a second factor; null for an anonymous viewer, with an API token, and after signing in at a provider of an account.',
  })
  async secondFactor(
    @Root() { viewer }: ViewerType,
    @Ctx() { services }: IdentityContext,
  ): Promise<boolean | null> {
    if (viewer.kind !== 'user' || viewer.confined || !viewer.userId) return null;
    return (await activeFactor(services.database.system, viewer.userId)) !== undefined;
  }

  @FieldResolver(() => AccountType, {
    nullable: true,
    description: 'The account the viewer acts in; null for an anonymous viewer.',
  })
  async account(
    @Root() { viewer }: ViewerType,
    @Ctx() context: IdentityContext,
  ): Promise<AccountType | null> {
    if (viewer.kind === 'anonymous' || !viewer.accountId) return null;
    const { database } = context.services;
    return ownAccount(database.forAccount({ accountId: viewer.accountId, requestId: context.requestId }));
  }

  @FieldResolver(() => ScopeType, {
    nullable: true,
    description: 'How far the viewer reaches within the account; null for an anonymous viewer.',
  })
  async scope(@Root() { viewer }: ViewerType, @Ctx() context: IdentityContext): Promise<ScopeType | null> {
    if (!viewer.accountId) return null;
    const { projects, writableTypes } = viewer.scope;
    return {
      orgUnitIds: await rootIds(context),
      projectIds: projects && [...projects],
      writableTypeIds: writableTypes && [...writableTypes],
    };
  }

  @FieldResolver(() => [MembershipType], {
    description:
      'The accounts of the person, by name. With an API token, and after signing in at a provider of an account, only that account.',
  })
  async memberships(
    @Root() { viewer }: ViewerType,
    @Ctx() context: IdentityContext,
  ): Promise<MembershipType[]> {
    if (!viewer.userId) return [];
    const onlyAccountId = viewer.kind === 'user' && !viewer.confined ? null : viewer.accountId;
    return membershipsOf(context.services.prisma, viewer.userId, onlyAccountId);
  }
}

/** The units in which all sets of the scope meet: the roots of what the viewer sees. */
async function rootIds({ viewer, db }: Pick<IdentityContext, 'viewer' | 'db'>): Promise<string[] | null> {
  if (seesEveryUnit(viewer.scope)) return null;
  const places = await placesOfUnits(db, viewer.scope.units.flat());
  const reach = reachOf(viewer.scope.units, places);
  const roots = places.filter(({ dataSourceId, path }) =>
    reach.some(
      (source) => source.dataSourceId === dataSourceId && source.paths.some((root) => root.equals(path)),
    ),
  );
  return [...new Set(roots.map(({ unitId }) => unitId))].sort();
}

const KINDS: Record<Viewer['kind'], ViewerKind> = {
  user: ViewerKind.USER,
  token: ViewerKind.TOKEN,
  // A job asks no questions over the API; if one did, it would act as the person who asked for it.
  job: ViewerKind.USER,
  anonymous: ViewerKind.ANONYMOUS,
};

export function viewerType(viewer: Viewer): ViewerType {
  return { viewer, kind: KINDS[viewer.kind], permissions: [...viewer.permissions].sort() };
}
