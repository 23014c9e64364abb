/**
 * Sends one notice. What it tells is read when it is sent, with the rights its reader has then: whoever lost a right
 * meanwhile, or was erased from the log, is not told of, nor told.
 */
import { type ChangeEvent, type ChangeFilter, readChanges } from '@iroko/changes';
import type { AccountDatabase, Database } from '@iroko/database';
import { ApiError } from '@iroko/errors';
import { defineJob, type JobDefinition } from '@iroko/jobs';
import { MAIL_RETRIES, type MailServices, renderMail } from '@iroko/mail';
import { actorOf, type Viewer, type Viewers } from '@iroko/viewer';
import { z } from 'zod';
import { visibleTo } from '../changes/visible-changes';
import { type NoticeLine, noticeWords } from './notice-words';
import { activeRule, filterOf, noteSent, unitNames, userNames } from './planning.sql';
import type { Unsubscribing } from './unsubscribe';

export interface NoticeServices extends MailServices {
  database: Database;
  viewers: Viewers;
  unsubscribing: Unsubscribing;
}

/** Positions of the log: those after the first, through the second. */
const input = z.strictObject({ ruleId: z.uuid(), after: z.number(), through: z.number() });

/** A mail is no place for more. */
const LINES_MAX = 30;
/** Counting goes on up to here. */
const COUNTED_MAX = 1000;
const PAGE = 200;

export const noticeJob: JobDefinition<z.infer<typeof input>, { told: number }, NoticeServices> = defineJob({
  name: 'identity.notice',
  input,
  retries: MAIL_RETRIES,
  handler: async (job, { ruleId, after, through }, services) => {
    const rule = await activeRule(job.db, ruleId);
    const reader = rule && (await readerOf(services, job.id, job.db.account, rule.userId));
    const recipient = rule && reader && (await services.memberByMail(job.db, rule.userId));
    if (!recipient) {
      await job.log('INFO', 'The rule was stopped, or its person may not read the log any more.');
      return { told: 0 };
    }
    const db = services.database.forAccount(actorOf(reader, `job-${job.id}`));
    const filter = { ...filterOf(rule), visible: await visibleTo({ viewer: reader, db }) };
    const { events, count } = await newsOf(db, after, through, filter);
    if (count === 0) return { told: 0 };
    const url = services.unsubscribing.url(job.db.account, ruleId);
    const words = noticeWords(
      { ...rule, count, lines: await linesOf(db, reader, events), url },
      recipient.language,
    );
    const mail = renderMail(words, recipient.language);
    await services.post.deliver({ id: job.id, to: recipient.address, unsubscribe: url, ...mail });
    await noteSent(job.db, ruleId);
    return { told: count };
  },
});

/** Undefined for somebody who is no member any more, or may not read the log. */
async function readerOf(
  { viewers }: NoticeServices,
  jobId: string,
  accountId: string,
  userId: string,
): Promise<Viewer | undefined> {
  try {
    const viewer = await viewers.forJob({ jobId, accountId, userId });
    return viewer.permissions.has('audit.read') ? viewer : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return undefined;
    throw error;
  }
}

/** The first events, and how many there are. Of notice rules nobody is told: each mail would bring the next. */
async function newsOf(db: AccountDatabase, after: number, through: number, filter: ChangeFilter) {
  const events: ChangeEvent[] = [];
  let count = 0;
  for (let position = after; count < COUNTED_MAX; ) {
    const page = await readChanges(db, position, PAGE, filter);
    const news = page.filter((event) => event.position <= through && event.subjectType !== 'NoticeRule');
    events.push(...news.slice(0, LINES_MAX - events.length));
    count += news.length;
    position = page.at(-1)?.position ?? through;
    if (page.length < PAGE || position >= through) break;
  }
  return { events, count };
}

async function linesOf(
  db: AccountDatabase,
  reader: Viewer,
  events: readonly ChangeEvent[],
): Promise<NoticeLine[]> {
  const isText = (id: string | null): id is string => id !== null;
  const people = reader.permissions.has('users.read')
    ? await userNames(db, events.map(({ userId }) => userId).filter(isText))
    : [];
  const units = await unitNames(db, events.map(({ unitId }) => unitId).filter(isText));
  const names = new Map([...people, ...units].map(({ id, name }) => [id, name]));
  return events.map(({ at, subjectType, subjectId, unitId, action, userId, before, after }) => ({
    at,
    subjectType,
    action,
    subject: nameIn(after) ?? nameIn(before) ?? names.get(unitId ?? '') ?? subjectId,
    fields: after && before ? Object.keys(after) : [],
    by: names.get(userId ?? '') ?? null,
  }));
}

function nameIn(fields: ChangeEvent['after']): string | undefined {
  const name = fields?.name;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
