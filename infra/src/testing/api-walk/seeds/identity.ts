import type { SeededIds, SeedKit } from './kit';

export async function seedIdentity({ account }: SeedKit): Promise<SeededIds> {
  return {
    Account: account.accountId,
    User: account.administrator.userId,
    Role: account.administratorRoleId,
    ApiToken: account.administrator.apiTokenId,
  };
}
