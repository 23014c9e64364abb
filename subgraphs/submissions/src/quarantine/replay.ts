/**
 * Trying again what is in quarantine, when the form, its version or the unit is there by now, or a person names
 * the unit. Each is taken or not by itself.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, isId } from '@iroko/database';
import { ApiError, failedOutcome, notFound, type Outcome, okOutcome } from '@iroko/errors';
import type { SubmissionServices } from '../services';
import { storeSubmission } from '../submissions/accept';
import { XmlDefect } from '../xml/defect';
import { quarantineByIds, quarantinedFiles, refreshQuarantine } from './quarantine.sql';

export interface Replay {
  id: string;
  orgUnitId?: string | null;
}

export interface Replayed {
  outcome: Outcome;
  submissionId: string | null;
}

export async function replaySubmission(
  services: SubmissionServices,
  db: AccountDatabase,
  { id, orgUnitId }: Replay,
): Promise<Replayed> {
  const [entry] = isId(id) ? await quarantineByIds(db, [id]) : [];
  if (!entry) return { outcome: failedOutcome(notFound('QuarantinedSubmission', id)), submissionId: null };
  if (entry.submissionId !== null) return { outcome: okOutcome, submissionId: entry.submissionId };
  const { stream } = await services.files.open(db, entry.fileId);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const sent = {
    xml: Buffer.concat(chunks),
    files: await quarantinedFiles(db, [id]),
    appUserId: entry.appUserId,
    deviceId: null,
    orgUnitId: orgUnitId ?? null,
  };
  try {
    const stored = await storeSubmission(services, db, sent, () => undefined);
    if (!stored.taken) throw new Error('Storing without quarantine either takes or throws.');
    return { outcome: okOutcome, submissionId: stored.submissionId };
  } catch (error) {
    if (!(error instanceof XmlDefect)) throw error;
    return { outcome: await stillWaiting(db, id, error), submissionId: null };
  }
}

async function stillWaiting(db: AccountDatabase, id: string, defect: XmlDefect): Promise<Outcome> {
  await db.transaction(async (tx) => {
    await refreshQuarantine(tx, id, defect.reason, defect.message);
    await recordChange(tx, {
      subjectType: 'QuarantinedSubmission',
      subjectId: id,
      action: 'REPLAY',
      before: null,
      after: { reason: defect.reason },
    });
  });
  return failedOutcome(new ApiError('BAD_USER_INPUT', defect.message, { reason: defect.reason }));
}
