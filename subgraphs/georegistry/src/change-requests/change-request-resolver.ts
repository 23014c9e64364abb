import { isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import type { UnitField } from '../differences/difference';
import { UnitFieldEnum } from '../differences/difference-type';
import { UpdateOrgUnitInput, unitFields } from '../org-units/unit-input';
import { seesDrafts } from '../versions/version';
import { requestsById } from './change-request.sql';
import { ChangeRequestAnswer } from './change-request-answer';
import {
  ChangeRequestConnection,
  ChangeRequestType,
  DecidedRequestType,
  ProposeOrgUnitInput,
} from './change-request-type';
import { approveRequest, type DecidedRequest, decideAll, rejectRequest } from './decide-change';
import { proposeChange, proposeCreation, proposeRemoval } from './propose-change';
import { ChangeRequestFilter, checkRequestFilter, requestListOf } from './request-filter';
import { countRequests, requestsPage } from './request-list.sql';

const idArg = { description: 'The id of the request.' };
const unitArg = { description: 'The id of the unit.' };
const idsArg = { description: 'The ids of the requests, at most 200.' };
const commentArg = { nullable: true, description: 'Why, at most 2,000 characters.' } as const;

@Resolver()
export class ChangeRequestResolver {
  @Authorized('change_requests.read')
  @Query(() => ChangeRequestConnection, {
    description: 'Change requests, the newest first. BAD_USER_INPUT for a filter that cannot be meant.',
  })
  async changeRequests(
    @Arg('filter', () => ChangeRequestFilter, {
      nullable: true,
      description: 'Which; all of them without it.',
    })
    given: ChangeRequestFilter | null,
    @Args() args: PageArgs,
    @Ctx() { db, services, viewer }: GeoContext,
  ): Promise<CountedConnection<ChangeRequestAnswer>> {
    checkRequestFilter(given ?? {});
    const scope: CursorScope = { list: 'changeRequests', account: db.account, filter: given ?? {} };
    const page = pageRequest(args, services.cursors, scope);
    const list = requestListOf(given ?? {}, seesDrafts(viewer));
    const rows = await requestsPage(db, list, page.after && String(page.after[0]), page.limit);
    const nodes = rows.map((row) => new ChangeRequestAnswer(row));
    return counted(
      pageOf(nodes, page, services.cursors, scope, ({ id }) => [id]),
      () => countRequests(db, list),
    );
  }

  @Authorized('change_requests.read')
  @Query(() => ChangeRequestType, { description: 'One change request. NOT_FOUND.' })
  async changeRequest(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() { db }: GeoContext,
  ): Promise<ChangeRequestAnswer> {
    const [row] = isId(id) ? await requestsById(db, [id]) : [];
    if (!row) throw notFound('ChangeRequest', id);
    return new ChangeRequestAnswer(row);
  }

  @Authorized('change_requests.propose')
  @Mutation(() => ChangeRequestType, {
    description:
      'Proposes a new unit; it is made when the request is approved. NOT_FOUND for the source or the request of the parent; BAD_USER_INPUT.',
  })
  async proposeOrgUnit(
    @Arg('input', () => ProposeOrgUnitInput, { description: 'The unit as it shall be.' })
    input: ProposeOrgUnitInput,
    @Arg('comment', () => String, commentArg) comment: string | null,
    @Ctx() context: GeoContext,
  ): Promise<ChangeRequestAnswer> {
    const { dataSourceId, reference, parentRequestId, ...rest } = input;
    const creation = { dataSourceId, reference, parentRequestId, comment };
    const fields = { ...unitFields(rest), name: input.name };
    return new ChangeRequestAnswer(await proposeCreation(context, creation, fields));
  }

  @Authorized('change_requests.propose')
  @Mutation(() => ChangeRequestType, {
    description:
      'Proposes other values for fields of a unit, a new parent among them; what is left out stays. NOT_FOUND; BAD_USER_INPUT, also when nothing would change.',
  })
  async proposeOrgUnitChange(
    @Arg('unitId', () => ID, unitArg) unitId: string,
    @Arg('input', () => UpdateOrgUnitInput, { description: 'What to change.' }) input: UpdateOrgUnitInput,
    @Arg('comment', () => String, commentArg) comment: string | null,
    @Ctx() context: GeoContext,
  ): Promise<ChangeRequestAnswer> {
    return new ChangeRequestAnswer(await proposeChange(context, unitId, unitFields(input), { comment }));
  }

  @Authorized('change_requests.propose')
  @Mutation(() => ChangeRequestType, {
    description:
      'Proposes that a unit leaves the tree. NOT_FOUND; CONFLICT when it has children that shall not go along.',
  })
  async proposeOrgUnitRemoval(
    @Arg('unitId', () => ID, unitArg) unitId: string,
    @Arg('withDescendants', () => Boolean, {
      defaultValue: false,
      description: 'Whether everything below it goes along.',
    })
    withDescendants: boolean,
    @Arg('comment', () => String, commentArg) comment: string | null,
    @Ctx() context: GeoContext,
  ): Promise<ChangeRequestAnswer> {
    return new ChangeRequestAnswer(await proposeRemoval(context, unitId, withDescendants, { comment }));
  }

  @Authorized('change_requests.review')
  @Mutation(() => ChangeRequestType, {
    description:
      'Applies a request to the draft, whole or some of its fields, as an edit of whoever approves. NOT_FOUND; BAD_USER_INPUT for a field that is not proposed; FORBIDDEN outside of one’s scope; CONFLICT when it is decided already, when somebody else changed one of the fields since (details name the fields with the value seen, the current and the proposed one), and as an edit would.',
  })
  async approveChangeRequest(
    @Arg('id', () => ID, idArg) id: string,
    @Arg('fields', () => [UnitFieldEnum], {
      nullable: true,
      description: 'Only these; all that is proposed without it. A new unit always gets its name and parent.',
    })
    fields: UnitField[] | null,
    @Arg('overwrite', () => [UnitFieldEnum], {
      nullable: true,
      description: 'Fields to apply although somebody else changed them since.',
    })
    overwrite: UnitField[] | null,
    @Arg('reason', () => String, commentArg) reason: string | null,
    @Ctx() { db }: GeoContext,
  ): Promise<ChangeRequestAnswer> {
    return new ChangeRequestAnswer(await approveRequest(db, id, { fields, overwrite, reason }));
  }

  @Authorized('change_requests.review')
  @Mutation(() => ChangeRequestType, {
    description:
      'Decides against a request. NOT_FOUND; BAD_USER_INPUT without a reason; CONFLICT when it is decided already.',
  })
  async rejectChangeRequest(
    @Arg('id', () => ID, idArg) id: string,
    @Arg('reason', () => String, { description: 'Why, 1 to 2,000 characters.' }) reason: string,
    @Ctx() { db }: GeoContext,
  ): Promise<ChangeRequestAnswer> {
    return new ChangeRequestAnswer(await rejectRequest(db, id, reason));
  }

  @Authorized('change_requests.review')
  @Mutation(() => [DecidedRequestType], {
    description:
      'Approves many requests whole, in the order in which they were proposed, with an outcome for each; what is refused leaves the others as they are. LIMIT_EXCEEDED for more than 200.',
  })
  async approveChangeRequests(
    @Arg('ids', () => [ID], idsArg) ids: string[],
    @Arg('reason', () => String, commentArg) reason: string | null,
    @Ctx() { db }: GeoContext,
  ): Promise<unknown[]> {
    return (await decideAll(ids, (id) => approveRequest(db, id, { reason }))).map(answered);
  }

  @Authorized('change_requests.review')
  @Mutation(() => [DecidedRequestType], {
    description: 'Rejects many requests, with an outcome for each. LIMIT_EXCEEDED for more than 200.',
  })
  async rejectChangeRequests(
    @Arg('ids', () => [ID], idsArg) ids: string[],
    @Arg('reason', () => String, { description: 'Why, 1 to 2,000 characters.' }) reason: string,
    @Ctx() { db }: GeoContext,
  ): Promise<unknown[]> {
    return (await decideAll(ids, (id) => rejectRequest(db, id, reason))).map(answered);
  }
}

const answered = ({ request, ...decided }: DecidedRequest) => ({
  ...decided,
  request: request && new ChangeRequestAnswer(request),
});
