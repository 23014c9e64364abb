/** Submissions straight in the tables: what a form is made of does not matter to the registry. */
import { newId } from '@iroko/database';
import type { TestRegistry } from './registry';

/** `form` is any id: the form is made when it is not there. */
export async function submitted(
  { database, db }: TestRegistry,
  unitId: string,
  { form, receivedAt, at }: { form: string; receivedAt: string; at?: [longitude: number, latitude: number] },
): Promise<string> {
  const id = newId();
  const run = (sql: string, values: unknown[]) => database.pool.query(sql, values);
  await run(
    `INSERT INTO submissions.form (account_id, id, form_id, name, name_key)
     VALUES ($1, $2::uuid, $2::uuid::text, 'F', 'f') ON CONFLICT DO NOTHING`,
    [db.account, form],
  );
  await run(
    `INSERT INTO submissions.form_version
       (account_id, id, form_id, number, version, title, xml, md5, file_id, root_name)
     VALUES ($1, $2, $2, 1, '', 'F', '<a/>', repeat('0', 32), $2, 'data') ON CONFLICT DO NOTHING`,
    [db.account, form],
  );
  await run(
    `INSERT INTO submissions.submission
       (account_id, id, form_id, form_version_id, instance_id, xml, content_hash, answers, org_unit_id, received_at,
        longitude, latitude)
     VALUES ($1, $3::uuid, $2, $2, $3::uuid::text, '', decode(repeat('00', 32), 'hex'), '{}', $4, $5, $6, $7)`,
    [db.account, form, id, unitId, receivedAt, at?.[0] ?? null, at?.[1] ?? null],
  );
  return id;
}
