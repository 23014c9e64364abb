import { seedMember } from '@iroko/testing';
import type { SeededIds, SeedKit } from './kit';

/** A PNG of one pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export async function seedIdentity(
  { account, run, stage, upload }: SeedKit,
  places: SeededIds,
): Promise<SeededIds> {
  const { createWebhook } = await run<{ createWebhook: { webhook: { id: string } } }>(
    'identity',
    `mutation { createWebhook(input: { name: "Partner", url: "https://192.0.3.1/hook" }) { webhook { id } } }`,
  );
  const { pingWebhook } = await run<{ pingWebhook: { id: string } }>(
    'identity',
    'mutation ($id: ID!) { pingWebhook(id: $id) { id } }',
    { id: createWebhook.webhook.id },
  );
  const credential = await seedCredential(run);
  const { createProject } = await run<{ createProject: { id: string } }>(
    'identity',
    `mutation { createProject(input: { name: "Surveys", appId: "surveys" }) { id } }`,
  );
  const { createTeam: team } = await run<{ createTeam: { id: string } }>(
    'identity',
    `mutation { createTeam(input: { name: "Surveyors", kind: TEAMS }) { id } }`,
  );
  // Nobody changes themselves, so there is somebody else to be changed. Every filter of users finds them.
  const other = await seedMember(stage.services.platform, account.accountId, {
    scope: { unitIds: [places.OrgUnit ?? ''], projectIds: [createProject.id] },
  });
  const { createTeam: teamOfUsers } = await run<{ createTeam: { id: string } }>(
    'identity',
    'mutation ($ids: [ID!]) { createTeam(input: { name: "Enumerators", kind: USERS, userIds: $ids }) { id } }',
    { ids: [other.userId] },
  );
  const { createServiceToken } = await run<{ createServiceToken: { apiToken: { id: string } } }>(
    'identity',
    `mutation { createServiceToken(input: { name: "Nightly report" }) { apiToken { id } } }`,
  );
  const { createNoticeRule } = await run<{ createNoticeRule: { id: string } }>(
    'identity',
    'mutation { createNoticeRule(input: { name: "Places", frequency: DAILY }) { id } }',
  );
  const { inviteUser } = await run<{ inviteUser: { id: string } }>(
    'identity',
    'mutation { inviteUser(input: { email: "grace@example.org" }) { id } }',
  );
  return {
    NoticeRule: createNoticeRule.id,
    Invitation: inviteUser.id,
    ExternalCredential: credential,
    UsersFile: await upload('email\nada@example.org\n', 'users.csv'),
    LogoFile: await upload(PICTURE, 'logo.png'),
    Team: team.id,
    TeamOfUsers: teamOfUsers.id,
    ServiceToken: createServiceToken.apiToken.id,
    Project: createProject.id,
    OtherUser: other.userId,
    SignInProvider: await seedProvider(run),
    Webhook: createWebhook.webhook.id,
    WebhookDelivery: pingWebhook.id,
    Account: account.accountId,
    User: account.administrator.userId,
    Role: account.administratorRoleId,
    ApiToken: account.administrator.apiTokenId,
  };
}

/** Without a secret: whoever checks it is told so, and nobody is called. */
async function seedCredential(run: SeedKit['run']): Promise<string> {
  const { createExternalCredential } = await run<{ createExternalCredential: { id: string } }>(
    'identity',
    `mutation { createExternalCredential(input: {
      name: "National server", kind: DHIS2, url: "https://192.0.3.1/", login: "admin", secret: "district"
    }) { id } }`,
  );
  const { id } = createExternalCredential;
  await run(
    'identity',
    `mutation ($id: ID!) { updateExternalCredential(input: {
      id: $id, expectedRevision: 1, url: "https://192.0.3.1/dhis/"
    }) { id } }`,
    { id },
  );
  return id;
}

async function seedProvider(run: SeedKit['run']): Promise<string> {
  const { createSignInProvider } = await run<{ createSignInProvider: { id: string } }>(
    'identity',
    `mutation { createSignInProvider(input: {
      name: "Ministry", kind: OIDC, url: "https://192.0.3.1/", clientId: "iroko"
    }) { id } }`,
  );
  return createSignInProvider.id;
}
