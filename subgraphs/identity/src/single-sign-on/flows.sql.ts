/**
 * Sign-ins on their way through a provider, found by what the browser brings back: whoever signs in is nobody yet.
 */
import type { AccountTransaction, SystemDatabase } from '@iroko/database';
import { FLOW_MINUTES } from './browser-secret';

/** A page exchanges its code at once. */
const CODE_SECONDS = 120;

export interface FlowInsert {
  accountId: string;
  id: string;
  providerId: string;
  stateHash: Buffer;
  challenge: string;
  returnTo: string;
}

export const insertFlow = (db: SystemDatabase, flow: FlowInsert) =>
  db.execute(db.sql`
    INSERT INTO identity.sign_in_flow (account_id, id, provider_id, state_hash, challenge, return_to, expires_at)
    VALUES (${flow.accountId}, ${flow.id}, ${flow.providerId}, ${flow.stateHash}, ${flow.challenge},
            ${flow.returnTo}, now() + make_interval(mins => ${FLOW_MINUTES}))`);

/** A few at each start: no job of its own, and the table does not grow. */
export const deleteOldFlows = (db: SystemDatabase) =>
  db.execute(db.sql`
    DELETE FROM identity.sign_in_flow
    WHERE (account_id, id) IN (
      SELECT f.account_id, f.id FROM identity.sign_in_flow f
      WHERE f.expires_at < now() - interval '1 hour'
      ORDER BY f.expires_at
      LIMIT 20
      FOR UPDATE SKIP LOCKED
    )`);

export interface FlowRow {
  accountId: string;
  id: string;
  providerId: string;
  returnTo: string;
}

/** Once: of two callbacks with one state, the second finds nothing. */
export const takeFlow = (db: SystemDatabase, stateHash: Buffer) =>
  db.maybe<FlowRow>(db.sql`
    UPDATE identity.sign_in_flow AS f SET used_at = now()
    WHERE f.state_hash = ${stateHash} AND f.used_at IS NULL AND f.expires_at > now()
    RETURNING f.account_id AS "accountId", f.id, f.provider_id AS "providerId", f.return_to AS "returnTo"`);

export const keepCode = (tx: AccountTransaction, flowId: string, userId: string, codeHash: Buffer) =>
  tx.execute(tx.sql`
    UPDATE identity.sign_in_flow AS f
    SET user_id = ${userId}, code_hash = ${codeHash},
        code_expires_at = now() + make_interval(secs => ${CODE_SECONDS})
    WHERE f.account_id = ${tx.account} AND f.id = ${flowId}`);

export interface TakenCode {
  accountId: string;
  providerId: string;
  userId: string;
  challenge: string;
}

/** Once, whoever brings it: a code that was tried with the wrong verifier is gone. */
export const takeCode = (db: SystemDatabase, codeHash: Buffer) =>
  db.maybe<TakenCode>(db.sql`
    UPDATE identity.sign_in_flow AS f SET code_hash = NULL
    WHERE f.code_hash = ${codeHash} AND f.code_expires_at > now()
    RETURNING f.account_id AS "accountId", f.provider_id AS "providerId", f.user_id AS "userId", f.challenge`);
