/** What a person can do with their notice rules. Each change of one writes its event. */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, isViolation, newId } from '@iroko/database';
import { badInput, conflict, limitExceeded, notFound } from '@iroko/errors';
import { reachedUnits } from '@iroko/viewer';
import { checkedName } from '../accounts/account-form';
import { logEnd } from '../webhooks/webhooks.sql';
import { nextNotice } from './next-notice';
import type { NoticeRuleInput, NoticeRuleType } from './notice-rule-type';
import {
  accountTimeZone,
  deleteRule,
  insertRule,
  type RuleContent,
  ruleOf,
  rulesOf,
  stopRule,
  updateRule,
} from './notice-rules.sql';

const RULES_MAX = 50;
const ACTIONS_MAX = 100;
const DEFAULT_HOUR = 7;

/** Throws BAD_USER_INPUT for a wrong field, NOT_FOUND for a unit or project that is not seen, and LIMIT_EXCEEDED. */
export function createRule(
  db: AccountDatabase,
  userId: string,
  input: NoticeRuleInput,
): Promise<NoticeRuleType> {
  const content = checkedRule(input);
  return writing(content, db, async (tx) => {
    const { length } = await rulesOf(tx, userId);
    if (length >= RULES_MAX) {
      const words = `You have ${length} notice rules; ${RULES_MAX} are allowed. Remove one first.`;
      throw limitExceeded(words, 'notice rules of one person', RULES_MAX, length);
    }
    const { position } = await logEnd(tx);
    const nextAt = await firstNotice(tx, content);
    const rule = await insertRule(tx, { ...content, id: newId(), userId, position, nextAt });
    await record(tx, rule.id, 'CREATE', null, content);
    return rule;
  });
}

/** The input takes the place of what it was. Throws NOT_FOUND, BAD_USER_INPUT, and CONFLICT after another change. */
export function changeRule(
  db: AccountDatabase,
  userId: string,
  id: string,
  expectedRevision: number,
  input: NoticeRuleInput,
): Promise<NoticeRuleType> {
  const content = checkedRule(input);
  return writing(content, db, async (tx) => {
    const before = await ownRule(tx, userId, id);
    if (before.revision !== expectedRevision) {
      throw conflict('The notice rule was changed since. Read it again.', {
        expectedRevision,
        revision: before.revision,
      });
    }
    const after = await updateRule(tx, id, content, await firstNotice(tx, content));
    await record(tx, id, 'UPDATE', contentOf(before), content);
    return after;
  });
}

/** Twice is no error. Throws NOT_FOUND. */
export function setStopped(
  db: AccountDatabase,
  userId: string,
  id: string,
  stopped: boolean,
): Promise<NoticeRuleType> {
  return db.transaction(async (tx) => {
    const before = await ownRule(tx, userId, id);
    if ((before.stoppedAt !== null) === stopped) return before;
    const after = await stopRule(tx, id, stopped);
    await record(tx, id, stopped ? 'DISABLE' : 'ENABLE', null, null);
    return after;
  });
}

/** Throws NOT_FOUND. */
export function removeRule(db: AccountDatabase, userId: string, id: string): Promise<NoticeRuleType> {
  return db.transaction(async (tx) => {
    const rule = await ownRule(tx, userId, id);
    await deleteRule(tx, id);
    await record(tx, id, 'DELETE', contentOf(rule), null);
    return rule;
  });
}

async function writing(
  { subtree, projectId }: RuleContent,
  db: AccountDatabase,
  write: (tx: AccountTransaction) => Promise<NoticeRuleType>,
): Promise<NoticeRuleType> {
  if (subtree !== null && !(await reachedUnits(db, db.actor.scope, [subtree])).has(subtree)) {
    throw notFound('OrgUnit', subtree);
  }
  try {
    return await db.transaction(write);
  } catch (error) {
    if (projectId !== null && isViolation(error, 'notice_rule_project_fkey'))
      throw notFound('Project', projectId);
    throw error;
  }
}

async function ownRule(tx: AccountTransaction, userId: string, id: string): Promise<NoticeRuleType> {
  const rule = isId(id) ? await ruleOf(tx, userId, id) : undefined;
  if (!rule) throw notFound('NoticeRule', id);
  return rule;
}

/** At once tells of the very next change; the others wait for their time. */
async function firstNotice(tx: AccountTransaction, content: RuleContent): Promise<Date> {
  const now = new Date();
  return content.frequency === 'IMMEDIATE'
    ? now
    : nextNotice(content, (await accountTimeZone(tx)).timeZone, now);
}

function checkedRule(input: NoticeRuleInput): RuleContent {
  const { frequency, subjectType = null, actions = null, subtree = null, projectId = null } = input;
  if (frequency !== 'DAILY' && input.hour != null) {
    throw badInput('hour belongs to DAILY; leave it out.', { path: ['input', 'hour'] });
  }
  const hour = frequency === 'DAILY' ? (input.hour ?? DEFAULT_HOUR) : null;
  if (hour !== null && (hour < 0 || hour > 23)) {
    throw badInput(`hour is ${hour}; a day has the hours 0 to 23.`, { path: ['input', 'hour'] });
  }
  if (subjectType !== null && !/^[A-Z][A-Za-z0-9]{0,99}$/.test(subjectType)) {
    throw badInput('subjectType is the name of a type, such as OrgUnit.', { path: ['input', 'subjectType'] });
  }
  if (actions !== null) refuseWrongActions(actions);
  if (subtree !== null && !isId(subtree)) throw notFound('OrgUnit', subtree);
  if (projectId !== null && !isId(projectId)) throw notFound('Project', projectId);
  return {
    name: checkedName(input.name, ['input', 'name']),
    frequency,
    hour,
    subjectType,
    actions: actions && [...new Set(actions)],
    subtree,
    projectId,
  };
}

function refuseWrongActions(actions: readonly string[]): void {
  const path = ['input', 'actions'];
  if (actions.length === 0 || actions.length > ACTIONS_MAX) {
    throw badInput(`actions has ${actions.length} entries; 1 to ${ACTIONS_MAX}, or none for all.`, { path });
  }
  const wrong = actions.find((action) => !/^[A-Z][A-Z0-9_]{0,63}$/.test(action));
  if (wrong !== undefined) throw badInput(`${JSON.stringify(wrong)} is no action, such as CREATE.`, { path });
}

function contentOf({
  name,
  frequency,
  hour,
  subjectType,
  actions,
  subtree,
  projectId,
}: NoticeRuleType): RuleContent {
  return { name, frequency, hour, subjectType, actions, subtree, projectId };
}

function record(
  tx: AccountTransaction,
  id: string,
  action: 'CREATE' | 'UPDATE' | 'DELETE' | 'ENABLE' | 'DISABLE',
  before: RuleContent | null,
  after: RuleContent | null,
): Promise<string> {
  return recordChange(tx, {
    subjectType: 'NoticeRule',
    subjectId: id,
    action,
    before: before && { ...before },
    after: after && { ...after },
  });
}
