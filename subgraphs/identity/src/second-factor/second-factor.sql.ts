/**
 * Second factors. They belong to persons, so they are reached without an account.
 */
import type { SystemDatabase, SystemTransaction } from '@iroko/database';

export interface FactorRow {
  secretSealed: Buffer;
  lastStep: number;
  /** Whether it is asked for at the sign-in. */
  active: boolean;
}

const columns = (db: SystemDatabase) => db.sql`
  f.secret_sealed AS "secretSealed", f.last_step AS "lastStep", f.confirmed_at IS NOT NULL AS active`;

export const factorOf = (db: SystemDatabase, userId: string) =>
  db.maybe<FactorRow>(db.sql`
    SELECT ${columns(db)} FROM identity.second_factor f WHERE f.user_id = ${userId}`);

export const activeFactor = (db: SystemDatabase, userId: string) =>
  db.maybe<FactorRow>(db.sql`
    SELECT ${columns(db)} FROM identity.second_factor f
    WHERE f.user_id = ${userId} AND f.confirmed_at IS NOT NULL`);

/** Whoever brings a code waits for others who bring one. */
export const lockFactor = (tx: SystemTransaction, userId: string) =>
  tx.maybe<FactorRow>(tx.sql`
    SELECT ${columns(tx)} FROM identity.second_factor f WHERE f.user_id = ${userId} FOR UPDATE`);

/** Takes the place of one that was begun and not confirmed. Returns 0 when one is active. */
export const writeBegun = (tx: SystemTransaction, userId: string, secretSealed: Buffer) =>
  tx.execute(tx.sql`
    INSERT INTO identity.second_factor AS f (user_id, secret_sealed) VALUES (${userId}, ${secretSealed})
    ON CONFLICT (user_id) DO UPDATE
    SET secret_sealed = excluded.secret_sealed, last_step = 0, created_at = now()
    WHERE f.confirmed_at IS NULL`);

export const writeConfirmed = (tx: SystemTransaction, userId: string, step: number) =>
  tx.execute(tx.sql`
    UPDATE identity.second_factor SET confirmed_at = now(), last_step = ${step} WHERE user_id = ${userId}`);

export const noteStep = (tx: SystemTransaction, userId: string, step: number) =>
  tx.execute(tx.sql`
    UPDATE identity.second_factor SET last_step = ${step} WHERE user_id = ${userId}`);

/** With its recovery codes. */
export const deleteFactor = (tx: SystemTransaction, userId: string) =>
  tx.execute(tx.sql`DELETE FROM identity.second_factor WHERE user_id = ${userId}`);

export const deleteRecoveryCodes = (tx: SystemTransaction, userId: string) =>
  tx.execute(tx.sql`DELETE FROM identity.recovery_code WHERE user_id = ${userId}`);

export const insertRecoveryCodes = (tx: SystemTransaction, userId: string, hashes: Buffer[]) =>
  tx.execute(tx.sql`
    INSERT INTO identity.recovery_code (user_id, code_hash)
    SELECT ${userId}::uuid, h.hash FROM unnest(${hashes}::bytea[]) AS h(hash)`);

/** Returns 0 when there is no such code, or it was used. */
export const spendRecoveryCode = (tx: SystemTransaction, userId: string, hash: Buffer) =>
  tx.execute(tx.sql`
    UPDATE identity.recovery_code SET used_at = now()
    WHERE user_id = ${userId} AND code_hash = ${hash} AND used_at IS NULL`);
