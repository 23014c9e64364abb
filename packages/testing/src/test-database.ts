/**
 * An open database for a test file: every migration, no rows.
 */
import { Database, testDatabaseUrl } from '@iroko/database';

export async function testDatabase(): Promise<Database> {
  return new Database({ url: await testDatabaseUrl(), name: 'test' });
}
