/**
 * The identity subgraph put together: who may come in, and who they are.
 */
import { type ChangeCursors, ChangeWatch } from '@iroko/changes';
import type { Database } from '@iroko/database';
import { downloadRoutes, type Files, uploadRoute } from '@iroko/files';
import { buildSubgraph, type Cursors, type GraphRequest, RequestContext, type Subgraph } from '@iroko/graph';
import { type BoundJob, bindJobs } from '@iroko/jobs';
import { sendMailJob } from '@iroko/mail';
import { Outbound } from '@iroko/outbound';
import { CREDENTIAL_PURPOSE, type MasterKeys, Seal } from '@iroko/secrets';
import type { Settings } from '@iroko/settings';
import type { Logger } from '@iroko/telemetry';
import type { Viewers } from '@iroko/viewer';
import { PrismaPg } from '@prisma/adapter-pg';
import { AccountType } from './accounts/account-type';
import { AccountSettingsResolver } from './accounts/settings/settings-resolver';
import { BulkUsersResolver } from './bulk-users/bulk-users-resolver';
import { exportUsers } from './bulk-users/export-job';
import { importUsers } from './bulk-users/import-job';
import { mailInvitations } from './bulk-users/mail-job';
import { archiveChanges } from './changes/archive-job';
import { ChangeArchiveResolver } from './changes/archive-resolver';
import { ChangeResolver } from './changes/change-resolver';
import { ChangeSubscription } from './changes/change-subscription';
import { LogMeasures } from './changes/measures';
import { historyResolvers, subjectReferences } from './changes/subjects';
import type { IdentityContextServices } from './context';
import { CredentialResolver } from './credentials/credential-resolver';
import { DeletePersonResolver } from './delete-person/delete-person-resolver';
import { EmailChangeResolver } from './email-change/email-change-resolver';
import { mailEmailChange } from './email-change/mail-email-change';
import { removeExpiredFiles } from './files/clean-up-job';
import { FileResolver } from './files/file-resolver';
import { PrismaClient } from './generated/prisma/client';
import { InvitationResolver, InvitationsResolver } from './invitations/invitation-resolver';
import { mailInvitation } from './invitations/mail-invitation';
import { JobResolver, JobsResolver } from './jobs/job-resolver';
import { JobSubscription } from './jobs/job-subscription';
import { jwksRoute } from './keys/jwks-route';
import { rotateSigningKey } from './keys/rotation-job';
import { SigningKeys } from './keys/signing-keys';
import { linkPageRoutes } from './link-page/link-page';
import { mailServices, openPost } from './mail/mail-services';
import { MailLinks } from './mail-links/mail-link';
import { updateMemberships } from './memberships/bulk/bulk-job';
import { BulkMembershipResolver } from './memberships/bulk/bulk-resolver';
import {
  MembershipResolver,
  MembershipScopeResolver,
  UsersResolver,
} from './memberships/membership-resolver';
import { noticeJob } from './notices/notice-job';
import { NoticeRuleResolver } from './notices/notice-rule-resolver';
import { NoticePlanner } from './notices/planner';
import { Unsubscribing, unsubscribeRoutes } from './notices/unsubscribe';
import { PasswordResetResolver } from './password-reset/password-reset-resolver';
import { Passwords } from './passwords/passwords';
import { OwnPersonResolver } from './people/own-person-resolver';
import { ProjectResolver } from './projects/project-resolver';
import { ProjectType } from './projects/project-type';
import { RegistrationResolver } from './registration/registration-resolver';
import { RoleResolver } from './roles/role-resolver';
import { SECOND_FACTOR_PURPOSE } from './second-factor/codes';
import { SecondFactorResolver } from './second-factor/second-factor-resolver';
import { SetUpResolver } from './set-up/set-up-resolver';
import { SignInResolver } from './sign-in/sign-in-resolver';
import { callbackRoute } from './single-sign-on/callback-route';
import { OidcDiscovery } from './single-sign-on/oidc-discovery';
import { SignInProviderResolver } from './single-sign-on/provider-resolver';
import { PROVIDER_PURPOSE } from './single-sign-on/providers';
import { startRoute } from './single-sign-on/start-route';
import { TeamConnectionResolver, TeamResolver } from './teams/team-resolver';
import { ApiTokenResolver } from './tokens/api-token-resolver';
import { unprovenAnswers } from './unproven/answers';
import { UnprovenRequests } from './unproven/unproven-requests';
import { UserType } from './users/user-type';
import { MeResolver } from './viewer/me-resolver';
import { removeOldDeliveries } from './webhooks/clean-up-job';
import { WebhookSender } from './webhooks/sender';
import { WebhookDeliveryResolver, WebhookResolver } from './webhooks/webhook-resolver';

/** What identity needs of the stack. */
export interface IdentityServices {
  settings: Pick<
    Settings,
    | 'argon2MemoryKb'
    | 'argon2Passes'
    | 'outboundAllow'
    | 'smtpUrl'
    | 'mailFrom'
    | 'linkUrl'
    | 'signUp'
    | 'logRetentionDays'
  >;
  log: Logger;
  database: Database;
  viewers: Viewers;
  cursors: Cursors;
  changeCursors: ChangeCursors;
  files: Files;
  /** They seal signing keys and secrets; the first one is the present one. */
  masterKeys: MasterKeys;
  /** Where people reach Iroko, without a slash at the end. */
  publicUrl: () => string;
}

/** The subgraph with the jobs it owns. */
export interface Identity extends Subgraph {
  readonly jobs: readonly BoundJob[];
  /** Looks into what people ask who have proven nothing, while the process runs. */
  readonly unproven: UnprovenRequests;
  /** Sends webhooks while the process runs. */
  readonly webhooks: WebhookSender;
  /** Sends notices while the process runs. */
  readonly notices: NoticePlanner;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createIdentity(services: IdentityServices): Identity {
  const { database, viewers, cursors, changeCursors, files } = services;
  const context: IdentityContextServices = {
    database,
    viewers,
    cursors,
    changeCursors,
    watch: new ChangeWatch(database, services.log),
    files,
    prisma: new PrismaClient({ adapter: new PrismaPg(database.pool) }),
    keys: new SigningKeys(database, services.masterKeys),
    passwords: passwordsOf(services.settings),
    outbound: new Outbound({ allow: services.settings.outboundAllow }),
    settings: services.settings,
    mailLinks: new MailLinks(() => services.settings.linkUrl ?? `${services.publicUrl()}/link`),
    webhookSeal: new Seal(services.masterKeys, 'webhook secret'),
    credentialSeal: new Seal(services.masterKeys, CREDENTIAL_PURPOSE),
    providerSeal: new Seal(services.masterKeys, PROVIDER_PURPOSE),
    secondFactorSeal: new Seal(services.masterKeys, SECOND_FACTOR_PURPOSE),
    publicUrl: services.publicUrl,
  };
  const oidc = new OidcDiscovery(context.outbound);
  const webhooks = new WebhookSender({
    database,
    outbound: context.outbound,
    seal: context.webhookSeal,
    log: services.log,
  });
  const post = openPost(services.settings, database);
  const notices = new NoticePlanner(database, services.log);
  const measures = new LogMeasures(database, services.log);
  const unsubscribing = new Unsubscribing(services.masterKeys, services.publicUrl);
  const unproven = new UnprovenRequests(
    database,
    unprovenAnswers({ database, post, mailLinks: context.mailLinks }),
    services.log,
  );
  const { schema, sdl } = buildSubgraph({
    resolvers: [
      MeResolver,
      SignInResolver,
      ApiTokenResolver,
      JobResolver,
      JobsResolver,
      ChangeResolver,
      ChangeArchiveResolver,
      FileResolver,
      RoleResolver,
      ProjectResolver,
      TeamResolver,
      TeamConnectionResolver,
      AccountSettingsResolver,
      UsersResolver,
      MembershipResolver,
      MembershipScopeResolver,
      OwnPersonResolver,
      SecondFactorResolver,
      PasswordResetResolver,
      RegistrationResolver,
      InvitationResolver,
      SetUpResolver,
      EmailChangeResolver,
      DeletePersonResolver,
      InvitationsResolver,
      WebhookResolver,
      WebhookDeliveryResolver,
      NoticeRuleResolver,
      CredentialResolver,
      SignInProviderResolver,
      BulkUsersResolver,
      BulkMembershipResolver,
      ...historyResolvers,
      ChangeSubscription,
      JobSubscription,
    ],
    references: subjectReferences,
    orphanedTypes: [AccountType, UserType, ProjectType],
  });
  return {
    name: 'identity',
    schema,
    sdl,
    context: (request: GraphRequest) => new RequestContext(request, context, database),
    routes: [
      jwksRoute(database),
      ...linkPageRoutes(),
      uploadRoute(database, files),
      ...downloadRoutes(database, files),
      ...unsubscribeRoutes(database, unsubscribing),
      startRoute({ ...context, oidc }),
      callbackRoute({ ...context, oidc }),
    ],
    jobs: [
      ...bindJobs(
        { files },
        [removeExpiredFiles, archiveChanges(services.settings.logRetentionDays ?? null)],
        database,
      ),
      ...bindJobs(mailServices(post), [sendMailJob], database),
      ...bindJobs({ ...mailServices(post), database, viewers, unsubscribing }, [noticeJob], database),
      ...bindJobs(
        { database, post, mailLinks: context.mailLinks },
        [mailInvitation, mailInvitations, mailEmailChange],
        database,
      ),
      ...bindJobs({ keys: context.keys }, [rotateSigningKey], database),
      ...bindJobs({}, [removeOldDeliveries, updateMemberships], database),
      ...bindJobs({ files }, [importUsers, exportUsers], database),
    ],
    webhooks,
    unproven,
    notices,
    async start() {
      measures.start();
      await notices.start();
      await webhooks.start();
      await unproven.start();
    },
    async stop() {
      measures.stop();
      await notices.stop();
      await webhooks.stop();
      await unproven.stop();
      await context.watch.close();
      post.close();
    },
  };
}

/** The way passwords are hashed under these settings. */
export function passwordsOf(settings: Pick<Settings, 'argon2MemoryKb' | 'argon2Passes'>): Passwords {
  return new Passwords({ memoryKb: settings.argon2MemoryKb, passes: settings.argon2Passes });
}
