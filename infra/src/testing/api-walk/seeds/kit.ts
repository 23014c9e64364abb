/**
 * What seeding stands on: an account of its own, asked through the API like everything else.
 */
import { Readable } from 'node:stream';
import { newId } from '@iroko/database';
import type { SeededAccount } from '@iroko/testing';
import type { Stage } from '../stage';

/** Type name to the id of a record of the account. */
export type SeededIds = Record<string, string>;

export interface SeedKit {
  stage: Stage;
  account: SeededAccount;
  /** As the administrator; throws the first error. */
  run<Data>(subgraph: string, query: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Stores a file of the account and answers its id. */
  upload(content: string | Buffer, name: string): Promise<string>;
}

export function seedKit(stage: Stage, account: SeededAccount): SeedKit {
  return {
    stage,
    account,
    async run<Data>(subgraph: string, query: string, variables: Record<string, unknown> = {}) {
      const { accessToken } = account.administrator;
      const { data, errors } = await stage.ask(subgraph, { query, variables }, accessToken);
      if (errors[0]) throw new Error(`Seeding failed: ${errors[0].message}\n${query}`);
      return data as Data;
    },
    async upload(content, name) {
      const db = stage.services.platform.forAccount({ ...account.actor, requestId: `seed-${newId()}` });
      const file = await stage.services.files.store(db, Readable.from([Buffer.from(content as string)]), {
        name,
      });
      return file.id;
    },
  };
}
