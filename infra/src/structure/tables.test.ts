import { accountSchemas, TABLES_WITH_PUBLIC_ROWS, tablesWithoutAccount } from '@iroko/database';
import { testDatabaseUrl } from '@iroko/testing';
import { Client } from 'pg';
import {
  type CatalogForeignKey,
  type CatalogIndex,
  type CatalogTable,
  columns,
  foreignKeys,
  indexes,
  tables,
} from './catalog.sql';

/** What other schemas may point at: the account, its users, and its places. */
const crossSchemaTargets = [
  'identity.account (id)',
  'identity.membership (account_id, user_id)',
  'georegistry.org_unit (account_id, id)',
];

// The account's own row is found by its id; a queue that is read across accounts begins with its own order.
const isPerson = (table: string) => tablesWithoutAccount.includes(table);
const isAccount = (table: string) => table === 'identity.account';

/** An index over the rows where the key is set is enough: no other row refers to anything. */
function holdsAllRows({ predicate }: CatalogIndex, { columns: key }: CatalogForeignKey): boolean {
  return predicate === null || key.some((name) => predicate === `(${name} IS NOT NULL)`);
}

/** It begins with the columns of the key, or finds one row by some of them. */
function leads(index: CatalogIndex, { columns: key }: CatalogForeignKey): boolean {
  if (index.unique && index.columns.length > 0 && index.columns.every((name) => key.includes(name)))
    return true;
  const leading = index.columns.slice(0, key.length);
  return leading.length === key.length && key.every((name) => leading.includes(name));
}

it('a table with public rows has a view of them with all its columns, in their order or another', async () => {
  const client = new Client({ connectionString: await testDatabaseUrl() });
  await client.connect();
  try {
    for (const name of TABLES_WITH_PUBLIC_ROWS) {
      const [schema, table] = name.split('.');
      const columnsOf = async (relation: string) =>
        (
          await client.query(
            'SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 ORDER BY 1',
            [schema, relation],
          )
        ).rows;
      expect({ name, columns: await columnsOf(`public_${table}`) }).toEqual({
        name,
        columns: await columnsOf(table ?? ''),
      });
    }
  } finally {
    await client.end();
  }
});

describe('every table', () => {
  let client: Client;
  let all: CatalogTable[];
  let keys: CatalogForeignKey[];
  let present: CatalogIndex[];

  beforeAll(async () => {
    client = new Client({ connectionString: await testDatabaseUrl() });
    await client.connect();
    all = await tables(client, accountSchemas);
    keys = await foreignKeys(client, accountSchemas);
    present = await indexes(client, accountSchemas);
  });

  afterAll(() => client?.end());

  it('is there to be looked at', () => {
    expect(all.length).toBeGreaterThan(20);
    expect(keys.length).toBeGreaterThan(20);
  });

  it('has the account first in its primary key, persons and the account itself apart', () => {
    const offenders = all
      .map(({ schema, name, primaryKey }) => ({ table: `${schema}.${name}`, first: primaryKey[0] }))
      .filter(({ table, first }) => !isPerson(table) && !isAccount(table) && first !== 'account_id');
    expect(offenders).toEqual([]);
  });

  it('says NOT NULL of its account', async () => {
    const accounts = (await columns(client, accountSchemas)).filter(({ name }) => name === 'account_id');
    expect(
      accounts.filter(({ notNull, schema, table }) => !notNull && !isPerson(`${schema}.${table}`)),
    ).toEqual([]);
  });

  it('that is named as without account exists', () => {
    const names = all.map(({ schema, name }) => `${schema}.${name}`);
    const tablesAmong = tablesWithoutAccount.filter((name) => name !== 'identity.verification_key');
    expect(tablesAmong.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('has an index for each of its foreign keys, which begins with the columns of the key', () => {
    const covered = (key: CatalogForeignKey) =>
      present.some((index) => index.table === key.table && holdsAllRows(index, key) && leads(index, key));
    const bare = keys.filter((key) => !covered(key));
    expect(bare.map(({ table, name, columns: key }) => `${table}: ${name} (${key.join(', ')})`)).toEqual([]);
  });

  it('refers within the account: each foreign key holds the account on both sides', () => {
    const foreign = keys.filter(({ table, target, columns: key, targetColumns }) => {
      if (isPerson(table) || isPerson(target)) return false;
      const place = isAccount(target) ? targetColumns.indexOf('id') : targetColumns.indexOf('account_id');
      return place < 0 || key[place] !== 'account_id';
    });
    expect(foreign.map(({ table, name }) => `${table}: ${name}`)).toEqual([]);
  });

  it('refers to another schema only where the design allows it', () => {
    const schemaOf = (table: string) => table.split('.')[0];
    const crossing = keys
      .filter(({ table, target }) => schemaOf(table) !== schemaOf(target))
      .map(({ table, target, targetColumns }) => ({ table, to: `${target} (${targetColumns.join(', ')})` }));
    expect(crossing.filter(({ to }) => !crossSchemaTargets.includes(to))).toEqual([]);
  });
});
