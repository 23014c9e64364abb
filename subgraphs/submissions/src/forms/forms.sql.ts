/** Statements on forms, their versions and questions. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import type { Question } from './xform';

export interface FormRow {
  id: string;
  formId: string;
  name: string;
  nameKey: string;
  unitQuestion: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface FormVersionRow {
  id: string;
  formUuid: string;
  number: number;
  version: string;
  title: string;
  md5: string;
  fileId: string;
  rootName: string;
  createdAt: Date;
}

const formColumns = (db: AccountDatabase): Statement => db.sql`
  f.id, f.form_id AS "formId", f.name, f.name_key AS "nameKey", f.unit_question AS "unitQuestion", f.revision,
  f.created_at AS "createdAt", f.updated_at AS "updatedAt"`;

const versionColumns = (db: AccountDatabase): Statement => db.sql`
  v.id, v.form_id AS "formUuid", v.number, v.version, v.title, v.md5, v.file_id AS "fileId",
  v.root_name AS "rootName", v.created_at AS "createdAt"`;

export const formsByIds = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<FormRow>(db.sql`
    SELECT ${formColumns(db)} FROM submissions.form f
    WHERE f.account_id = ${db.account} AND f.id = ANY(${ids}::uuid[]) AND f.deleted_at IS NULL`);

/** By the id that the XForm gives the form. */
export const formByFormId = (db: AccountDatabase, formId: string) =>
  db.maybe<FormRow>(db.sql`
    SELECT ${formColumns(db)} FROM submissions.form f
    WHERE f.account_id = ${db.account} AND f.form_id = ${formId} AND f.deleted_at IS NULL`);

export const lockForm = (tx: AccountTransaction, id: string) =>
  tx.maybe<FormRow>(tx.sql`
    SELECT ${formColumns(tx)} FROM submissions.form f
    WHERE f.account_id = ${tx.account} AND f.id = ${id} AND f.deleted_at IS NULL FOR NO KEY UPDATE`);

/** A page of forms by name; `after` holds the name key and the id of the last form before it. */
export const formsPage = (
  db: AccountDatabase,
  searchKey: string | null,
  after: readonly [string, string] | null,
  limit: number,
) =>
  db.rows<FormRow>(db.sql`
    SELECT ${formColumns(db)} FROM submissions.form f
    WHERE ${matchingForms(db, searchKey)}
      ${after ? db.sql`AND (f.name_key, f.id) > (${after[0]}, ${after[1]}::uuid)` : db.sql``}
    ORDER BY f.name_key, f.id LIMIT ${limit}`);

export const countForms = async (db: AccountDatabase, searchKey: string | null): Promise<number> =>
  (
    await db.one<{ count: number }>(
      db.sql`SELECT count(*) AS count FROM submissions.form f WHERE ${matchingForms(db, searchKey)}`,
    )
  ).count;

const matchingForms = (db: AccountDatabase, searchKey: string | null): Statement => db.sql`
  f.account_id = ${db.account} AND f.deleted_at IS NULL
  ${searchKey === null ? db.sql`` : db.sql`AND strpos(f.name_key, ${searchKey}) > 0`}`;

export const insertForm = (
  tx: AccountTransaction,
  form: Pick<FormRow, 'id' | 'formId' | 'name' | 'nameKey' | 'unitQuestion'>,
) =>
  tx.execute(tx.sql`
    INSERT INTO submissions.form (account_id, id, form_id, name, name_key, unit_question)
    VALUES (${tx.account}, ${form.id}, ${form.formId}, ${form.name}, ${form.nameKey}, ${form.unitQuestion})`);

export const updateFormRow = (
  tx: AccountTransaction,
  form: Pick<FormRow, 'id' | 'name' | 'nameKey' | 'unitQuestion'>,
) =>
  tx.execute(tx.sql`
    UPDATE submissions.form f
    SET name = ${form.name}, name_key = ${form.nameKey}, unit_question = ${form.unitQuestion},
        revision = f.revision + 1, updated_at = now()
    WHERE f.account_id = ${tx.account} AND f.id = ${form.id}`);

export interface NewVersion extends Omit<FormVersionRow, 'createdAt' | 'number'> {
  xml: string;
  questions: readonly Question[];
}

export async function insertVersion(tx: AccountTransaction, version: NewVersion): Promise<void> {
  await tx.execute(tx.sql`
    INSERT INTO submissions.form_version
      (account_id, id, form_id, number, version, title, xml, md5, file_id, root_name)
    SELECT ${tx.account}::uuid, ${version.id}::uuid, ${version.formUuid}::uuid, coalesce(max(v.number), 0) + 1, ${version.version}::text,
      ${version.title}::text, ${version.xml}::text, ${version.md5}::text, ${version.fileId}::uuid, ${version.rootName}::text
    FROM submissions.form_version v
    WHERE v.account_id = ${tx.account} AND v.form_id = ${version.formUuid}`);
  const { questions } = version;
  await tx.execute(tx.sql`
    INSERT INTO submissions.question
      (account_id, form_version_id, position, path, name, type, required, repeat_path)
    SELECT ${tx.account}::uuid, ${version.id}::uuid, q.position, q.path, q.name, q.type, q.required, q.repeat_path
    FROM unnest(${questions.map(({ path }) => path)}::text[], ${questions.map(({ name }) => name)}::text[],
        ${questions.map(({ type }) => type)}::text[], ${questions.map(({ required }) => required)}::boolean[],
        ${questions.map(({ repeatPath }) => repeatPath)}::text[])
      WITH ORDINALITY AS q (path, name, type, required, repeat_path, position)`);
}

export const versionsByIds = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<FormVersionRow>(db.sql`
    SELECT ${versionColumns(db)} FROM submissions.form_version v
    WHERE v.account_id = ${db.account} AND v.id = ANY(${ids}::uuid[])`);

/** Newest first. */
export const versionsOfForms = (db: AccountDatabase, formIds: readonly string[]) =>
  db.rows<FormVersionRow>(db.sql`
    SELECT ${versionColumns(db)} FROM submissions.form_version v
    WHERE v.account_id = ${db.account} AND v.form_id = ANY(${formIds}::uuid[])
    ORDER BY v.form_id, v.number DESC`);

export const versionOfForm = (db: AccountDatabase, formId: string, version: string) =>
  db.maybe<FormVersionRow>(db.sql`
    SELECT ${versionColumns(db)} FROM submissions.form_version v
    WHERE v.account_id = ${db.account} AND v.form_id = ${formId} AND v.version = ${version}`);

export interface OfferedForm {
  versionId: string;
  formId: string;
  name: string;
  version: string;
  md5: string;
}

/** The newest version of every form: what phones are offered. */
export const offeredForms = (db: AccountDatabase, formId: string | null) =>
  db.rows<OfferedForm>(db.sql`
    SELECT DISTINCT ON (f.name_key, f.id) v.id AS "versionId", f.form_id AS "formId", f.name, v.version, v.md5
    FROM submissions.form f
    JOIN submissions.form_version v ON v.account_id = ${db.account} AND v.form_id = f.id
    WHERE f.account_id = ${db.account} AND f.deleted_at IS NULL
      ${formId === null ? db.sql`` : db.sql`AND f.form_id = ${formId}`}
    ORDER BY f.name_key, f.id, v.number DESC`);

/** The definition as uploaded, unless its form was deleted. */
export const versionXml = (db: AccountDatabase, versionId: string) =>
  db.maybe<{ xml: string; md5: string }>(db.sql`
    SELECT v.xml, v.md5 FROM submissions.form_version v
    JOIN submissions.form f ON f.account_id = ${db.account} AND f.id = v.form_id AND f.deleted_at IS NULL
    WHERE v.account_id = ${db.account} AND v.id = ${versionId}`);

export interface QuestionRow extends Question {
  formVersionId: string;
}

export const questionsOfVersions = (db: AccountDatabase, versionIds: readonly string[]) =>
  db.rows<QuestionRow>(db.sql`
    SELECT q.form_version_id AS "formVersionId", q.path, q.name, q.type, q.required, q.repeat_path AS "repeatPath"
    FROM submissions.question q
    WHERE q.account_id = ${db.account} AND q.form_version_id = ANY(${versionIds}::uuid[])
    ORDER BY q.form_version_id, q.position`);
