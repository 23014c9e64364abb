import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabaseUrl } from '@iroko/testing';
import { Client } from 'pg';
import { type CatalogColumn, type CatalogTable, columns, tables } from './catalog.sql';
import { type PrismaTable, readPrismaSchema, withoutDefaultPrecision } from './prisma-schema';

const folder = join(__dirname, '../../../prisma/schema');
const subgraphs = ['datasets', 'georegistry', 'identity', 'submissions'];

/** One line per fact, so that a difference reads as what is missing where. */
function facts(
  table: { schema: string; name: string; primaryKey: readonly string[] },
  of: readonly { name: string; type: string; notNull: boolean | undefined }[],
): string[] {
  const name = `${table.schema}.${table.name}`;
  return [
    `${name} has the primary key (${table.primaryKey.join(', ')})`,
    ...of.map((column) => `${name}.${column.name} is ${column.type}${column.notNull ? ' NOT NULL' : ''}`),
  ];
}

describe('the migrated database and the Prisma schema', () => {
  let client: Client;
  let dbTables: CatalogTable[];
  let dbColumns: CatalogColumn[];

  beforeAll(async () => {
    client = new Client({ connectionString: await testDatabaseUrl() });
    await client.connect();
    dbTables = await tables(client, subgraphs);
    dbColumns = await columns(client, subgraphs);
  });

  afterAll(() => client?.end());

  const factsOfDatabase = (subgraph: string, models: readonly PrismaTable[]) =>
    dbTables
      .filter(({ schema }) => schema === subgraph)
      .flatMap((table) => {
        const model = models.find(({ name }) => name === table.name);
        const own = dbColumns.filter((column) => column.schema === subgraph && column.table === table.name);
        return facts(
          table,
          own.map(({ name, type, notNull }) => {
            // Prisma says nothing about whether a list can be absent.
            const said = model?.columns.find((column) => column.name === name);
            const lists = said !== undefined && said.notNull === undefined;
            return { name, type: withoutDefaultPrecision(type), notNull: lists ? undefined : notNull };
          }),
        );
      });

  it('exist for each subgraph', () => {
    expect(readdirSync(folder).sort()).toEqual(subgraphs.map((name) => `${name}.prisma`));
  });

  it.each(subgraphs)('of %s say the same of tables, columns, types, nullability and keys', (subgraph) => {
    const models = readPrismaSchema(readFileSync(join(folder, `${subgraph}.prisma`), 'utf8'));
    const expected = factsOfDatabase(subgraph, models);
    expect(models.flatMap((model) => facts(model, model.columns)).sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(0);
  });
});

describe('the reader of Prisma schemas', () => {
  it('understands types, names, keys, lists, enums and relations', () => {
    const source = `
      enum Status {
        NEW
        @@map("status")
        @@schema("georegistry")
      }
      model OrgUnit { // the place
        accountId String   @map("account_id") @db.Uuid
        id        String   @db.Uuid
        names     String[]
        box       Unsupported("box")?
        at        DateTime @default(now()) @db.Timestamptz(6)
        status    Status
        links     Link[]
        @@id([accountId, id])
        @@map("org_unit")
        @@schema("georegistry")
      }
      model Link {
        id Int @id
        unit OrgUnit @relation(fields: [id], references: [id])
        @@schema("georegistry")
      }`.replaceAll(/^ {6}/gm, '');
    expect(readPrismaSchema(source)).toEqual([
      {
        schema: 'georegistry',
        name: 'org_unit',
        primaryKey: ['account_id', 'id'],
        columns: [
          { name: 'account_id', type: 'uuid', notNull: true },
          { name: 'id', type: 'uuid', notNull: true },
          { name: 'names', type: 'text[]', notNull: undefined },
          { name: 'box', type: 'box', notNull: false },
          { name: 'at', type: 'timestamp with time zone', notNull: true },
          { name: 'status', type: 'georegistry.status', notNull: true },
        ],
      },
      {
        schema: 'georegistry',
        name: 'Link',
        primaryKey: ['id'],
        columns: [{ name: 'id', type: 'integer', notNull: true }],
      },
    ]);
  });
});
