import { seedMember } from '@iroko/testing';
import type { SeededIds, SeedKit } from './kit';

export async function seedIdentity({ stage, account }: SeedKit): Promise<SeededIds> {
  const member = await seedMember(stage.services.platform, account.accountId);
  return {
    Account: account.accountId,
    User: member.userId,
    Role: account.administratorRoleId,
    ApiToken: account.administrator.apiTokenId,
  };
}
