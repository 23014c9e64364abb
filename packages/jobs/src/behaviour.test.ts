import { jobBehaviour } from './testing/behaviour';

describe('jobs over a queue in PostgreSQL', () => {
  jobBehaviour({
    empty: async (ground) => {
      const { rows } = await ground.database.pool.query<{ name: string }>(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'queue'::regnamespace AND relkind = 'r' AND relname <> 'migration'",
      );
      await ground.database.pool.query(`TRUNCATE ${rows.map(({ name }) => `queue."${name}"`).join(', ')}`);
    },
  });
});
