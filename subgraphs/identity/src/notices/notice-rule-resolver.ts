import { unauthenticated } from '@iroko/errors';
import { Arg, Authorized, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { NoticeRuleInput, NoticeRuleType } from './notice-rule-type';
import { changeRule, createRule, removeRule, setStopped } from './notice-rules';
import { rulesOf } from './notice-rules.sql';

const ID_ARG = { description: 'The id of the notice rule.' };
const INPUT_ARG = { description: 'Of what, and how soon.' };

@Resolver(() => NoticeRuleType)
export class NoticeRuleResolver {
  @Authorized('audit.read')
  @Query(() => [NoticeRuleType], { description: "One's own notice rules, oldest first; at most 50." })
  noticeRules(@Ctx() context: IdentityContext): Promise<NoticeRuleType[]> {
    return rulesOf(context.db, personOf(context));
  }

  @Authorized('audit.read')
  @Mutation(() => NoticeRuleType, {
    description:
      'From now on mails tell of changes, as far as you may see them when the mail is sent. BAD_USER_INPUT for a filter that cannot be, LIMIT_EXCEEDED after 50.',
  })
  createNoticeRule(
    @Arg('input', () => NoticeRuleInput, INPUT_ARG) input: NoticeRuleInput,
    @Ctx() context: IdentityContext,
  ): Promise<NoticeRuleType> {
    return createRule(context.db, personOf(context), input);
  }

  @Authorized('audit.read')
  @Mutation(() => NoticeRuleType, {
    description: 'The input takes the place of what it was. CONFLICT when it was changed since.',
  })
  updateNoticeRule(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that you have seen.' })
    expectedRevision: number,
    @Arg('input', () => NoticeRuleInput, INPUT_ARG) input: NoticeRuleInput,
    @Ctx() context: IdentityContext,
  ): Promise<NoticeRuleType> {
    return changeRule(context.db, personOf(context), id, expectedRevision, input);
  }

  @Authorized('audit.read')
  @Mutation(() => NoticeRuleType, { description: 'No more mails until it is resumed. Twice is no error.' })
  stopNoticeRule(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<NoticeRuleType> {
    return setStopped(context.db, personOf(context), id, true);
  }

  @Authorized('audit.read')
  @Mutation(() => NoticeRuleType, {
    description: 'Mails again, of what happens from now on. Twice is no error.',
  })
  resumeNoticeRule(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<NoticeRuleType> {
    return setStopped(context.db, personOf(context), id, false);
  }

  @Authorized('audit.read')
  @Mutation(() => NoticeRuleType, { description: 'Removes it; its last state is answered.' })
  removeNoticeRule(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<NoticeRuleType> {
    return removeRule(context.db, personOf(context), id);
  }
}

/** A service token is nobody who could be written to. */
function personOf({ viewer }: IdentityContext): string {
  if (viewer.userId === null) throw unauthenticated('Notices go to a person. Sign in as one.');
  return viewer.userId;
}
