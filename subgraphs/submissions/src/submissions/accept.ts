/**
 * Taking a submission, whichever way it comes: from a phone, through GraphQL, or again out of quarantine.
 *
 * It is stored once per instance id. The same bytes again change nothing and may bring files that were missing;
 * other bytes under a known instance id are somebody's data too and go to quarantine. Whoever sends is told
 * `stored` only after the commit.
 */
import { createHash } from 'node:crypto';
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, newId } from '@iroko/database';
import {
  type FormRow,
  formByFormId,
  type QuestionRow,
  questionsOfVersions,
  versionOfForm,
} from '../forms/forms.sql';
import { putInQuarantine } from '../quarantine/put-in-quarantine';
import { resolveQuarantine } from '../quarantine/quarantine.sql';
import type { SubmissionServices } from '../services';
import { unitOfAnswer } from '../units/unit-of-submission';
import type { CurrentUnit } from '../units/units.sql';
import { XmlDefect } from '../xml/defect';
import { attachFiles } from './attach-files';
import { expectAttachments } from './attachments.sql';
import { type Measured, readGeopoint } from './geopoint';
import type { SentSubmission } from './sent-submission';
import {
  answersAt,
  answersOf,
  readSubmissionXml,
  type SubmissionMarks,
  type SubmissionXml,
} from './submission-xml';
import { insertSubmission, lockByInstance, storedInstance } from './submissions.sql';

export type Acceptance =
  | { taken: true; submissionId: string; isNew: boolean }
  | { taken: false; quarantineId: string; reason: XmlDefect['reason']; message: string };

/** Stores the submission, or keeps it in quarantine with the reason. */
export async function acceptSubmission(
  services: SubmissionServices,
  db: AccountDatabase,
  sent: SentSubmission,
): Promise<Acceptance> {
  let marks: SubmissionMarks = { formId: null, version: null, instanceId: null };
  try {
    return await storeSubmission(services, db, sent, (read) => {
      marks = read;
    });
  } catch (error) {
    if (!(error instanceof XmlDefect)) throw error;
    const quarantineId = await putInQuarantine(services, db, sent, marks, error);
    return { taken: false, quarantineId, reason: error.reason, message: error.message };
  }
}

/** The same without quarantine: throws XmlDefect for what cannot be taken. */
export async function storeSubmission(
  services: SubmissionServices,
  db: AccountDatabase,
  sent: SentSubmission,
  note: (marks: SubmissionMarks) => void,
): Promise<Acceptance> {
  const contentHash = createHash('sha256').update(sent.xml).digest();
  const submission = readSubmissionXml(sent.xml, note);
  const earlier = await storedInstance(db, submission.instanceId);
  // A phone that lost our answer gets it again, also when its form was withdrawn meanwhile.
  const prepared = earlier ? undefined : await prepare(db, submission, sent);
  const { id, isNew, differing } = await db.transaction(async (tx) => {
    const added = prepared ? await insert(tx, submission, sent, contentHash, prepared) : false;
    const stored = await lockByInstance(tx, submission.instanceId);
    if (!stored.contentHash.equals(contentHash)) throw otherContent(submission.instanceId);
    const attached = await attachFiles(services, tx, stored.id, sent.files);
    if (added) await recordNew(tx, stored, submission, attached.added);
    else await recordFiles(tx, stored, attached.added);
    await resolveQuarantine(tx, contentHash, stored.id);
    return { id: stored.id, isNew: added, differing: attached.differing };
  });
  // The files that fit are committed; the others must not be lost.
  if (differing.length > 0) throw otherAttachments(differing);
  return { taken: true, submissionId: id, isNew };
}

interface Prepared {
  form: FormRow;
  versionId: string;
  unit: CurrentUnit | null;
  answers: string;
  location: Measured | null;
  expected: string[];
}

async function prepare(
  db: AccountDatabase,
  submission: SubmissionXml,
  sent: SentSubmission,
): Promise<Prepared> {
  if (submission.deprecatedId !== null) {
    throw new XmlDefect(
      'EDIT_OF_SUBMISSION',
      `This corrects the submission ${JSON.stringify(submission.deprecatedId)}; corrections from phones are not taken yet.`,
    );
  }
  const form = await formByFormId(db, submission.formId);
  if (!form) {
    throw new XmlDefect(
      'UNKNOWN_FORM',
      `There is no form with the form id ${JSON.stringify(submission.formId)}.`,
    );
  }
  const version = await versionOfForm(db, form.id, submission.version);
  if (!version) {
    throw new XmlDefect(
      'UNKNOWN_VERSION',
      `The form ${JSON.stringify(submission.formId)} has no version ${JSON.stringify(submission.version)}.`,
    );
  }
  const questions = await questionsOfVersions(db, [version.id]);
  const named = sent.orgUnitId ? [sent.orgUnitId] : answersAt(submission.root, form.unitQuestion ?? '');
  const unit = await unitOfAnswer(db, sent.orgUnitId ? 'orgUnit' : form.unitQuestion, named);
  const repeats = new Set(questions.flatMap(({ repeatPath }) => repeatPath ?? []));
  return {
    form,
    versionId: version.id,
    unit,
    answers: JSON.stringify(answersOf(submission.root, repeats)),
    location: locationOf(submission, questions),
    expected: questions
      .filter(({ type }) => type === 'binary')
      .flatMap(({ path }) => answersAt(submission.root, path)),
  };
}

/** The first answered geopoint that is asked once. */
function locationOf({ root }: SubmissionXml, questions: readonly QuestionRow[]): Measured | null {
  const asked = questions.filter(({ type, repeatPath }) => type === 'geopoint' && repeatPath === null);
  const measured = asked.flatMap(({ path }) =>
    answersAt(root, path).flatMap((text) => readGeopoint(text) ?? []),
  );
  return measured[0] ?? null;
}

/** False when the instance came in meanwhile. */
async function insert(
  tx: AccountTransaction,
  submission: SubmissionXml,
  sent: SentSubmission,
  contentHash: Buffer,
  { form, versionId, unit, answers, location, expected }: Prepared,
): Promise<boolean> {
  const id = newId();
  const inserted = await insertSubmission(tx, {
    id,
    formId: form.id,
    formVersionId: versionId,
    instanceId: submission.instanceId,
    instanceName: submission.instanceName,
    deviceId: submission.deviceId ?? sent.deviceId,
    xml: sent.xml.toString('utf8'),
    contentHash,
    answers,
    location,
    orgUnitId: unit?.id ?? null,
    unitSourceId: unit?.sourceId ?? null,
    unitVersion: unit?.version ?? null,
    appUserId: sent.appUserId,
  });
  if (inserted === 0) return false;
  const names = [...new Set(expected)];
  if (names.length > 0)
    await expectAttachments(
      tx,
      id,
      names.map((name) => ({ id: newId(), name })),
    );
  return true;
}

interface Stored {
  id: string;
  formId: string;
  orgUnitId: string | null;
}

const recordNew = (
  tx: AccountTransaction,
  stored: Stored,
  submission: SubmissionXml,
  files: readonly string[],
) =>
  recordChange(tx, {
    subjectType: 'Submission',
    subjectId: stored.id,
    unitId: stored.orgUnitId,
    action: 'CREATE',
    before: null,
    after: {
      form: stored.formId,
      version: submission.version,
      instanceId: submission.instanceId,
      orgUnit: stored.orgUnitId,
      attachments: files,
    },
  });

async function recordFiles(tx: AccountTransaction, stored: Stored, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  await recordChange(tx, {
    subjectType: 'Submission',
    subjectId: stored.id,
    unitId: stored.orgUnitId,
    action: 'ATTACH',
    before: null,
    after: { attachments: files },
  });
}

const otherContent = (instanceId: string) =>
  new XmlDefect(
    'OTHER_CONTENT',
    `There is a submission with the instance id ${JSON.stringify(instanceId)} and other answers. This one was kept aside; nothing was changed.`,
  );

const otherAttachments = (names: readonly string[]) =>
  new XmlDefect(
    'OTHER_ATTACHMENT',
    `The submission has other files of these names: ${names.map((name) => JSON.stringify(name)).join(', ')}. What came now was kept aside.`,
  );
