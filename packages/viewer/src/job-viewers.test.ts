import type { Database } from '@iroko/database';
import { type SeededAccount, type SeededMember, seedMember, seedTwins, testDatabase } from '@iroko/testing';
import { type Viewer, Viewers } from './index';

let database: Database;
let account: SeededAccount;
let twin: SeededAccount;
let member: SeededMember;
let viewers: Viewers;

const refused = (reason: string) => expect.objectContaining({ code: 'UNAUTHENTICATED', details: { reason } });

beforeAll(async () => {
  database = await testDatabase();
  viewers = new Viewers(database);
  ({ account, twin } = await seedTwins(database));
});
afterAll(() => database.close());
beforeEach(async () => {
  member = await seedMember(database, account.accountId, { permissions: ['org_units.read', 'tokens.own'] });
});

describe('a job', () => {
  const origin = (change: object = {}) => ({
    jobId: '01940000-0000-7000-8000-0000000000aa',
    accountId: member.accountId,
    userId: member.userId,
    ...change,
  });

  it('acts as whoever asked for it, with the rights of this moment', async () => {
    const viewer: Viewer = await viewers.forJob(origin());
    expect(viewer).toMatchObject({ kind: 'job', userId: member.userId, jobId: origin().jobId });
    expect(viewer.permissions).toEqual(new Set(['org_units.read', 'tokens.own']));
    await database.pool.query(`UPDATE identity.membership SET permissions = '{}' WHERE user_id = $1`, [
      member.userId,
    ]);
    expect((await viewers.forJob(origin())).permissions.size).toBe(0);
  });

  it('asked for with a token is narrowed to it, and refused once the token is revoked', async () => {
    const tokenId = member.apiTokenId;
    expect((await viewers.forJob(origin({ tokenId }))).permissions.has('org_units.read')).toBe(true);
    await database.pool.query('UPDATE identity.api_token SET revoked_at = now() WHERE id = $1', [tokenId]);
    await expect(viewers.forJob(origin({ tokenId }))).rejects.toEqual(refused('revoked'));
  });

  it('is refused with a token of somebody else', async () => {
    const tokenId = account.administrator.apiTokenId;
    await expect(viewers.forJob(origin({ tokenId }))).rejects.toEqual(refused('revoked'));
  });

  it('is refused in an account of which the person is no member, or no longer', async () => {
    await expect(viewers.forJob(origin({ accountId: twin.accountId }))).rejects.toEqual(refused('revoked'));
    await database.pool.query('UPDATE identity.membership SET ended_at = now() WHERE user_id = $1', [
      member.userId,
    ]);
    await expect(viewers.forJob(origin())).rejects.toEqual(refused('revoked'));
  });

  it('that nobody asked for has the rights of nobody', async () => {
    const viewer = await viewers.forJob(origin({ userId: null }));
    expect([viewer.kind, viewer.permissions.size]).toEqual(['job', 0]);
  });

  it('of a service token has what the token may, and nothing once it is revoked', async () => {
    await database.pool.query(
      'UPDATE identity.api_token SET user_id = NULL, permissions = $2 WHERE id = $1',
      [member.apiTokenId, ['org_units.export']],
    );
    const ofToken = () => viewers.forJob(origin({ userId: null, tokenId: member.apiTokenId }));
    expect((await ofToken()).permissions).toEqual(new Set(['org_units.export']));
    await database.pool.query('UPDATE identity.api_token SET revoked_at = now() WHERE id = $1', [
      member.apiTokenId,
    ]);
    await expect(ofToken()).rejects.toEqual(refused('revoked'));
  });
});
