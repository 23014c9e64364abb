/**
 * A Prisma client that sees one account. Every operation is given the account in its `where` and its `data`, so a
 * typed read of records cannot leave the account either.
 */

interface Extensible<Client> {
  $extends(extension: unknown): Client;
}

interface OperationCall {
  operation: string;
  args: Record<string, unknown>;
  query: (args: Record<string, unknown>) => Promise<unknown>;
}

const READS = new Set([
  'findMany',
  'findFirst',
  'findFirstOrThrow',
  'findUnique',
  'findUniqueOrThrow',
  'count',
  'aggregate',
  'groupBy',
]);

/** Reads only: writes are statements in a transaction, together with their change event. */
export function accountPrisma<Client extends object>(client: Client, account: string): Client {
  return (client as Client & Extensible<Client>).$extends({
    name: 'account',
    query: {
      $allModels: {
        $allOperations({ operation, args, query }: OperationCall) {
          if (!READS.has(operation)) {
            throw new Error(
              `${operation}: records are written by statements in a transaction, not through Prisma.`,
            );
          }
          return query({ ...args, where: { ...(args.where as object | undefined), accountId: account } });
        },
      },
    },
  });
}
