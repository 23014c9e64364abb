/** What a test compares before a backup and after its restore. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ClientBase } from 'pg';
import { storedTables } from '../tables.sql';

/** A hash of all rows of each table, in no order. */
export async function storedRows(client: ClientBase): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const { name } of await storedTables(client)) {
    const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    hashes[name] = `${rows.length} ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`;
  }
  return hashes;
}

export async function collectedText(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += (chunk as Buffer).toString('latin1');
  return text;
}
