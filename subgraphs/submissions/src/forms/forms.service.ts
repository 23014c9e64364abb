/**
 * Making forms and adding versions to them. A form is known by the id its XForm states; each upload is a version
 * that phones are offered from then on, while earlier submissions keep theirs.
 */
import { createHash } from 'node:crypto';
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, isViolation, newId } from '@iroko/database';
import { badInput, conflict, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import type { SubmissionServices } from '../services';
import { asBadInput } from '../xml/bad-input';
import { readUploadedXml } from './form-file';
import {
  formsByIds,
  insertForm,
  insertVersion,
  lockForm,
  questionsOfVersions,
  updateFormRow,
  versionsOfForms,
} from './forms.sql';
import { findUnitQuestion, refuseUnitQuestion } from './unit-question';
import { type Question, readXForm, type XForm } from './xform';

const NAME_LENGTH_MAX = 255;

export interface NewForm {
  fileId: string;
  name?: string | null;
  unitQuestion?: string | null;
}

/** Makes a form and its first version from an uploaded XForm. Returns the form's id. */
export async function createForm(
  services: SubmissionServices,
  db: AccountDatabase,
  input: NewForm,
): Promise<string> {
  const { xform, xml } = await uploadedXForm(services, db, input.fileId);
  const name = checkedName(input.name ?? xform.title);
  const unitQuestion = chosenUnitQuestion(input.unitQuestion, xform.questions);
  const form = { id: newId(), formId: xform.formId, name, nameKey: textKey(name), unitQuestion };
  try {
    await db.transaction(async (tx) => {
      await insertForm(tx, form);
      await recordChange(tx, {
        subjectType: 'Form',
        subjectId: form.id,
        action: 'CREATE',
        before: null,
        after: { formId: form.formId, name, unitQuestion },
      });
      await writeVersion(services, tx, form.id, input.fileId, xform, xml);
    });
  } catch (error) {
    if (!isViolation(error, 'form_form_id_unique')) throw error;
    throw conflict(
      `There is a form with the form id ${JSON.stringify(form.formId)} already. Add this file to it as a version, or change form_id in the form's settings.`,
      { fields: ['formId'] },
    );
  }
  return form.id;
}

/** Adds a version to a form. Returns the version's id. */
export async function addFormVersion(
  services: SubmissionServices,
  db: AccountDatabase,
  formId: string,
  fileId: string,
): Promise<string> {
  const { xform, xml } = await uploadedXForm(services, db, fileId);
  try {
    return await db.transaction(async (tx) => {
      const form = isId(formId) ? await lockForm(tx, formId) : undefined;
      if (!form) throw notFound('Form', formId);
      if (xform.formId !== form.formId) {
        throw badInput(
          `The XForm has the form id ${JSON.stringify(xform.formId)}, the form has ${JSON.stringify(form.formId)}. A version keeps the form's id.`,
          { path: ['fileId'] },
        );
      }
      const lost = form.unitQuestion && refuseUnitQuestion(form.unitQuestion, xform.questions);
      if (lost)
        throw badInput(`The unit question of the form is lost in this version. ${lost}`, {
          path: ['fileId'],
        });
      return writeVersion(services, tx, form.id, fileId, xform, xml);
    });
  } catch (error) {
    if (!isViolation(error, 'form_version_version_unique')) throw error;
    throw conflict(
      `The form has the version ${JSON.stringify(xform.version)} already. Phones tell versions apart by it, so change the version in the form's settings and upload again.`,
      { fields: ['version'] },
    );
  }
}

export interface FormChanges {
  id: string;
  expectedRevision: number;
  name?: string | null;
  /** Empty text: the form's submissions have no unit from now on. */
  unitQuestion?: string | null;
}

/** Changes a form's name or unit question; what arrived before keeps its unit. */
export async function updateForm(db: AccountDatabase, changes: FormChanges): Promise<void> {
  await db.transaction(async (tx) => {
    const form = isId(changes.id) ? await lockForm(tx, changes.id) : undefined;
    if (!form) throw notFound('Form', changes.id);
    const name = changes.name == null ? form.name : checkedName(changes.name);
    const unitQuestion =
      changes.unitQuestion == null ? form.unitQuestion : changes.unitQuestion.trim() || null;
    if (form.revision !== changes.expectedRevision) {
      throw conflict('Somebody changed the form meanwhile. Read it again and repeat your change.', {
        expectedRevision: changes.expectedRevision,
        actualRevision: form.revision,
        fields: [
          ...(name === form.name ? [] : ['name']),
          ...(unitQuestion === form.unitQuestion ? [] : ['unitQuestion']),
        ],
      });
    }
    if (name === form.name && unitQuestion === form.unitQuestion) return;
    const [newest] = await versionsOfForms(tx, [form.id]);
    const questions = newest ? await questionsOfVersions(tx, [newest.id]) : [];
    const refusal = unitQuestion && refuseUnitQuestion(unitQuestion, questions);
    if (refusal) throw badInput(refusal, { path: ['input', 'unitQuestion'] });
    await updateFormRow(tx, { id: form.id, name, nameKey: textKey(name), unitQuestion });
    await recordChange(tx, {
      subjectType: 'Form',
      subjectId: form.id,
      action: 'UPDATE',
      before: { name: form.name, unitQuestion: form.unitQuestion },
      after: { name, unitQuestion },
    });
  });
}

/** The form, or NOT_FOUND. */
export async function formById(db: AccountDatabase, id: string) {
  const [form] = isId(id) ? await formsByIds(db, [id]) : [];
  if (!form) throw notFound('Form', id);
  return form;
}

async function uploadedXForm(
  services: SubmissionServices,
  db: AccountDatabase,
  fileId: string,
): Promise<{ xform: XForm; xml: Buffer }> {
  const xml = await readUploadedXml(services.files, db, fileId);
  try {
    return { xform: readXForm(xml), xml };
  } catch (error) {
    throw asBadInput(error, ['fileId']);
  }
}

async function writeVersion(
  services: SubmissionServices,
  tx: AccountTransaction,
  formId: string,
  fileId: string,
  xform: XForm,
  xml: Buffer,
): Promise<string> {
  const id = newId();
  const md5 = createHash('md5').update(xml).digest('hex');
  await insertVersion(tx, {
    id,
    formUuid: formId,
    version: xform.version,
    title: xform.title,
    md5,
    fileId,
    rootName: xform.rootName,
    xml: xml.toString('utf8'),
    questions: xform.questions,
  });
  await services.files.keep(tx, fileId);
  await recordChange(tx, {
    subjectType: 'FormVersion',
    subjectId: id,
    action: 'CREATE',
    before: null,
    after: {
      form: formId,
      version: xform.version,
      title: xform.title,
      md5,
      questions: xform.questions.length,
    },
  });
  return id;
}

function chosenUnitQuestion(asked: string | null | undefined, questions: readonly Question[]): string | null {
  if (asked == null) return findUnitQuestion(questions);
  const path = asked.trim();
  if (path === '') return null;
  const refusal = refuseUnitQuestion(path, questions);
  if (refusal) throw badInput(refusal, { path: ['input', 'unitQuestion'] });
  return path;
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > NAME_LENGTH_MAX) {
    throw badInput(`A form's name has 1 to ${NAME_LENGTH_MAX} characters.`, { path: ['input', 'name'] });
  }
  return trimmed;
}
