/**
 * The mails that a test made Iroko send, and the links in them.
 */
import { runJobsUntilIdle } from '@iroko/jobs';
import { type KeptMail, readMailbox } from '../mail/mailbox';
import type { IdentityUnderTest } from './identity-under-test';

/** All mails to an address, the newest first, after everything that sends some has run. */
export async function mailsTo(identity: IdentityUnderTest, to: string): Promise<KeptMail[]> {
  const { database, viewers, subgraph } = identity;
  await subgraph.unproven.answerDue();
  await runJobsUntilIdle({ database, viewers, jobs: subgraph.jobs });
  return readMailbox(database, { to, limit: 20 });
}

/** The token of the newest link to an address. */
export async function tokenMailedTo(identity: IdentityUnderTest, to: string): Promise<string> {
  const [mail] = await mailsTo(identity, to);
  const token = /#[a-z]+=(irokol_[A-Za-z0-9_-]{43})&lang=/.exec(mail?.text ?? '')?.[1];
  if (!token) throw new Error(`No link was mailed to ${to}: ${mail?.text}`);
  return token;
}
