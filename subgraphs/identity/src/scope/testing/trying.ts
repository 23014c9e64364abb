/**
 * The steps of the property of reach: what members of every kind may try, each as one call of the API, or as a job
 * that is asked for and run.
 */
import { Readable } from 'node:stream';
import { newId } from '@iroko/database';
import { runJobsUntilIdle } from '@iroko/jobs';
import type { SeededMember } from '@iroko/testing';
import { MailLinks } from '../../mail-links/mail-link';
import type { IdentityUnderTest } from '../../testing/identity-under-test';

const REFUSALS = ['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT'];
const PASSWORD = 'seven lamps under the wide river';

export const KINDS = [
  'createRole',
  'updateRole',
  'giveRole',
  'takeRole',
  'permissions',
  'scope',
  'scope',
  'token',
  'end',
  'invite',
  'invite',
  'resend',
  'accept',
  'accept',
  'bulk',
  'file',
  'file',
  'team',
] as const;

export interface Step {
  kind: (typeof KINDS)[number];
  by: number;
  to: number;
  role: number;
  permissions: string[];
  places: number[] | null;
}

const DOCUMENTS: Record<string, string> = {
  createRole:
    'mutation ($name: String!, $permissions: [String!]!) { createRole(input: { name: $name, permissions: $permissions }) { id } }',
  updateRole:
    'mutation ($role: ID!, $roleRevision: Int!, $permissions: [String!]) { updateRole(input: { id: $role, expectedRevision: $roleRevision, permissions: $permissions }) { id } }',
  giveRole: 'mutation ($to: ID!, $role: ID!) { giveRole(userId: $to, roleId: $role) { id } }',
  takeRole: 'mutation ($to: ID!, $role: ID!) { takeRole(userId: $to, roleId: $role) { id } }',
  permissions:
    'mutation ($to: ID!, $revision: Int!, $permissions: [String!]) { updateMembership(input: { userId: $to, expectedRevision: $revision, permissions: $permissions }) { id } }',
  scope:
    'mutation ($to: ID!, $revision: Int!, $scope: ScopeInput!) { updateMembership(input: { userId: $to, expectedRevision: $revision, scope: $scope }) { id } }',
  token:
    'mutation ($name: String!, $permissions: [String!], $scope: ScopeInput) { createServiceToken(input: { name: $name, permissions: $permissions, scope: $scope }) { token } }',
  end: 'mutation ($to: ID!) { endMembership(userId: $to) { id } }',
  invite:
    'mutation ($email: String!, $roles: [ID!], $scope: ScopeInput) { inviteUser(input: { email: $email, roleIds: $roles, scope: $scope }) { id } }',
  resend: 'mutation ($invitation: ID!) { resendInvitation(id: $invitation) { id } }',
  bulk: 'mutation ($to: ID!, $change: MembershipChangeInput!) { updateMemberships(selection: { ids: [$to] }, change: $change) { id } }',
  file: 'mutation ($file: ID!) { importUsers(input: { fileId: $file }) { id } }',
  team: 'mutation ($name: String!, $to: ID!) { createTeam(input: { name: $name, kind: USERS, userIds: [$to] }) { id } }',
};

interface Pending {
  id: string;
  email: string;
  /** Place of whoever invited, or sent it again last. */
  by: number;
}

let named = 0;

/** An account in which members try things, and what is open among them. */
export class Trying {
  private readonly pending: Pending[] = [];
  private readonly links = new MailLinks(() => 'https://iroko.example.org/link');

  constructor(
    private readonly identity: IdentityUnderTest,
    private readonly accountId: string,
    private readonly units: readonly string[],
    readonly members: SeededMember[],
  ) {}

  /** Tries one step and answers the place of whoever answers for it; undefined when there was nothing to try. */
  async attempt(step: Step): Promise<number | undefined> {
    if (step.kind === 'accept') return this.accept(step);
    const by = this.members[step.by % this.members.length];
    const to = this.members[step.to % this.members.length];
    if (!by || !to) return undefined;
    const role = await this.roleOf(step);
    if (!role && ['updateRole', 'giveRole', 'takeRole'].includes(step.kind)) return undefined;
    const open = this.pending[step.role % Math.max(this.pending.length, 1)];
    if (step.kind === 'resend' && !open) return undefined;
    const email = `tried-${newId()}@example.org`;
    const { data } = await this.ask(DOCUMENTS[step.kind] ?? '', by.accessToken, {
      name: `Made ${++named}`,
      email,
      role: role?.id,
      roles: role && step.to % 2 === 0 ? [role.id] : [],
      roleRevision: role?.revision,
      to: to.userId,
      revision: await this.revisionOf(to),
      permissions: step.permissions,
      scope: { orgUnitIds: this.unitsAt(step.places) },
      invitation: open?.id,
      change: {
        addPermissions: step.permissions,
        addOrgUnitIds: this.unitsAt(step.places) ?? [],
        ...(role && step.role % 2 === 0 ? { addRoleIds: [role.id] } : {}),
      },
      ...(step.kind === 'file' ? { file: await this.fileAbout(step, to) } : {}),
    });
    const place = step.by % this.members.length;
    const invited = data?.inviteUser as { id: string } | undefined;
    if (invited) this.pending.push({ id: invited.id, email, by: place });
    if (data?.resendInvitation && open) open.by = place;
    await this.runJobs(step);
    return place;
  }

  private async accept(step: Step): Promise<number | undefined> {
    const [open] = this.pending.splice(step.role % Math.max(this.pending.length, 1), 1);
    if (!open) return undefined;
    const url = await this.links.make(this.identity.database.system, 'ACCEPT_INVITATION', open.id, 'en');
    const token = /=(irokol_[^&]+)/.exec(url)?.[1];
    const { data } = await this.ask(
      `mutation ($token: String!) { acceptInvitation(token: $token, password: "${PASSWORD}") }`,
      undefined,
      { token },
    );
    if (data) await this.signIn(open.email);
    return open.by;
  }

  /** Whoever came tries things too. */
  private async signIn(email: string): Promise<void> {
    const { data } = await this.ask(
      `mutation ($email: String!) { signIn(email: $email, password: "${PASSWORD}") { accessToken me { user { id } } } }`,
      undefined,
      { email },
    );
    const { signIn } = data as { signIn: { accessToken: string; me: { user: { id: string } } } };
    const { accessToken, me } = signIn;
    const [first] = this.members;
    if (first) this.members.push({ ...first, userId: me.user.id, accessToken, email });
  }

  private async ask(query: string, token: string | undefined, variables: Record<string, unknown>) {
    try {
      const answer = await this.identity.ask(query, {
        ...(token === undefined ? {} : { token }),
        variables,
        remoteAddress: `2001:db8:${(++named).toString(16)}::1`,
      });
      if (answer.errors.length > 0) expect(REFUSALS).toContain(answer.code);
      return answer.errors.length > 0 ? { data: null } : answer;
    } catch (error) {
      // Whose membership ended is nobody.
      expect((error as { code?: string }).code).toBe('UNAUTHENTICATED');
      return { data: null };
    }
  }

  private async fileAbout(step: Step, to: SeededMember): Promise<string> {
    const email = step.role % 2 === 0 ? to.email : `tried-${newId()}@example.org`;
    const units = (this.unitsAt(step.places) ?? []).join(',');
    const text = `email,permissions,orgunit\n${email},"${step.permissions.join(',')}","${units}"\n`;
    const db = this.identity.database.forAccount({ accountId: this.accountId, requestId: 'file of users' });
    return (await this.identity.files.store(db, Readable.from([Buffer.from(text)]), { name: 'users.csv' }))
      .id;
  }

  private async runJobs({ kind, by }: Step): Promise<void> {
    if (kind !== 'bulk' && kind !== 'file') return;
    const { database, viewers, subgraph } = this.identity;
    const jobs = subgraph.jobs.filter(({ definition }) =>
      /\.(importUsers|updateMemberships)$/.test(definition.name),
    );
    await runJobsUntilIdle({ database, viewers, jobs });
    const { rows } = await this.identity.database.pool.query(
      'SELECT id, email FROM identity.invitation WHERE account_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL',
      [this.accountId],
    );
    for (const { id, email } of rows) {
      if (this.pending.some((one) => one.id === id)) continue;
      this.pending.push({ id, email, by: by % this.members.length });
    }
  }

  private unitsAt(places: readonly number[] | null): string[] | null {
    return places?.map((place) => this.units[place] as string) ?? null;
  }

  private async roleOf({ role }: Step): Promise<{ id: string; revision: number } | undefined> {
    const { rows } = await this.identity.database.pool.query(
      'SELECT id, revision FROM identity.role WHERE account_id = $1 AND NOT every_permission ORDER BY id',
      [this.accountId],
    );
    return rows[role % Math.max(rows.length, 1)];
  }

  private async revisionOf({ userId }: SeededMember): Promise<number> {
    const { rows } = await this.identity.database.pool.query(
      'SELECT revision FROM identity.membership WHERE account_id = $1 AND user_id = $2',
      [this.accountId, userId],
    );
    return rows[0]?.revision;
  }
}
