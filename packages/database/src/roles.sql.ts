/**
 * The roles of subgraphs: each connects as the one that writes only its own schema, where the server has them.
 */
import pg from 'pg';

/** The role of a subgraph. */
export const subgraphRole = (subgraph: string): string => `iroko_${subgraph}`;

/** Which of the subgraphs' roles the user of this address may act as; none where the migrating user could make none. */
export async function usableRoles(url: string): Promise<ReadonlySet<string>> {
  const client = new pg.Client({ connectionString: url, application_name: 'iroko roles' });
  await client.connect();
  try {
    const { rows } = await client.query<{ rolname: string }>(
      `SELECT r.rolname FROM pg_roles r
       WHERE r.rolname LIKE 'iroko\\_%' AND pg_has_role(current_user, r.oid, 'MEMBER')`,
    );
    return new Set(rows.map(({ rolname }) => rolname));
  } finally {
    await client.end();
  }
}
