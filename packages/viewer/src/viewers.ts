/**
 * From an authorization header to a Viewer.
 *
 * The header proves who; what they may do is read from identity's contract views, cached for 10 seconds at most and
 * dropped when PostgreSQL tells of a change, so that a right, a session or a token that was taken away is gone
 * everywhere within 10 seconds, usually at once.
 */
import { type Database, newId } from '@iroko/database';
import { unauthenticated } from '@iroko/errors';
import { type VerifiedClaims, verifyAccessToken } from './access-token';
import { accountSlug, type RequestHeaders } from './account-slug';
import { readBearer, tokenHash } from './bearer';
import { BoundedCache } from './bounded-cache';
import { accountBySlug, rightsOfMember, sessionById, tokenByHash, tokenById, wasToken } from './contract.sql';
import { rightsOf, rightsOfToken } from './rights';
import { RightsCache, type Standing } from './rights-cache';
import { WHOLE_ACCOUNT } from './scope/scope';
import { type RequestSource, TokenUse } from './token-use';
import { VerificationKeys } from './verification-keys';
import { ANONYMOUS, anonymousIn, type Viewer } from './viewer';

/** The channel on which the database tells of changed rights, sessions, tokens and keys. */
export const RIGHTS_CHANNEL = 'identity_rights';

/** Verified tokens kept by hash; verifying one costs half a millisecond. */
const VERIFIED_MAX = 10_000;
const ACCOUNT_KEPT_MS = 10_000;

export interface ViewersOptions {
  /** Milliseconds since 1970; given by tests that let time pass. */
  now?: () => number;
  /** What follows an account's slug in host names, such as `iroko.example.org`; without it hosts name no account. */
  accountHostSuffix?: string | undefined;
}

/** On whose behalf a job was asked for. */
export interface JobOrigin {
  jobId: string;
  accountId: string;
  userId?: string | null;
  tokenId?: string | null;
}

export class Viewers {
  private readonly now: () => number;
  private readonly keys: VerificationKeys;
  private readonly verified: BoundedCache<VerifiedClaims>;
  private readonly rights: RightsCache;
  private readonly tokenUse: TokenUse;
  private readonly accounts: BoundedCache<string>;
  private listening: Promise<() => Promise<void>> | undefined;

  constructor(
    private readonly database: Database,
    private readonly options: ViewersOptions = {},
  ) {
    this.now = options.now ?? Date.now;
    this.keys = new VerificationKeys(database, this.now);
    this.verified = new BoundedCache(VERIFIED_MAX, this.now);
    this.rights = new RightsCache(this.now);
    this.tokenUse = new TokenUse(database, this.now);
    this.accounts = new BoundedCache(VERIFIED_MAX, this.now);
  }

  /** The viewer of a request; anonymous without a header, UNAUTHENTICATED with one that is not good. */
  async fromAuthorization(header: string | undefined, from: RequestSource = {}): Promise<Viewer> {
    const bearer = readBearer(header);
    if (!bearer) return ANONYMOUS;
    await this.listen();
    return bearer.kind === 'api' ? this.ofApiToken(bearer.token, from) : this.ofAccessToken(bearer.token);
  }

  /**
   * The viewer of a request by its headers: whom the authorization proves, or nobody in the account that
   * `x-iroko-account` or the host names. An account that is not there is answered like one where nothing is public.
   * `from` is for the log, which tells of API tokens.
   */
  async fromHeaders(headers: RequestHeaders, from: RequestSource = {}): Promise<Viewer> {
    if (headers.authorization !== undefined) return this.fromAuthorization(headers.authorization, from);
    const slug = accountSlug(headers, this.options.accountHostSuffix);
    return slug === undefined ? ANONYMOUS : anonymousIn(await this.accountOf(slug));
  }

  private async accountOf(slug: string): Promise<string> {
    const known = this.accounts.get(slug);
    if (known) return known;
    const row = await accountBySlug(this.database.system, slug);
    const accountId = row?.accountId ?? newId();
    this.accounts.set(slug, accountId, this.now() + ACCOUNT_KEPT_MS);
    return accountId;
  }

  /**
   * The viewer of a job: whoever asked for it, with the rights of this moment; a service token is somebody too. A job
   * that nobody asked for (a schedule of ours) has no rights of a person. Throws UNAUTHENTICATED when the member or
   * the token is gone.
   */
  async forJob(origin: JobOrigin): Promise<Viewer> {
    const { jobId, accountId, userId = null, tokenId = null } = origin;
    const base = { kind: 'job', accountId, userId, sessionId: null, tokenId, jobId } as const;
    if (tokenId === null) {
      if (userId === null) return { ...base, permissions: new Set(), scope: WHOLE_ACCOUNT };
      const row = await rightsOfMember(this.database.system, accountId, userId);
      if (!row)
        throw unauthenticated('Whoever asked for this job is no longer a member of the account.', 'revoked');
      return { ...base, ...rightsOf(row) };
    }
    const row = await tokenById(this.database.system, accountId, tokenId);
    if (!row || row.userId !== userId || row.expiresAt.getTime() <= this.now()) {
      throw unauthenticated('The API token that asked for this job was revoked or has expired.', 'revoked');
    }
    return { ...base, ...rightsOfToken(row) };
  }

  /** Begins to listen for changes of rights; done by the first request otherwise. */
  async listen(): Promise<void> {
    this.listening ??= this.database.listen(RIGHTS_CHANNEL, (payload) => this.drop(payload));
    // Without notifications everything still goes by its 10 seconds; the next request tries again.
    await this.listening.catch(() => {
      this.listening = undefined;
    });
  }

  async close(): Promise<void> {
    const stop = await this.listening?.catch(() => undefined);
    await stop?.();
  }

  private drop(payload: string): void {
    // An empty payload follows a lost connection: anything may have changed meanwhile.
    if (payload === 'keys' || payload === '') {
      this.keys.drop();
      this.verified.clear();
    }
    if (payload !== 'keys') this.rights.drop(payload);
  }

  private async ofAccessToken(token: string): Promise<Viewer> {
    const claims = await this.claimsOf(token);
    const standing = await this.rights.get(`session:${claims.sessionId}`, () =>
      this.loadSession(claims.sessionId),
    );
    const viewer = this.standingViewer(standing, 'The session has expired. Sign in again.');
    if (viewer.userId !== claims.userId || viewer.accountId !== claims.accountId) {
      throw unauthenticated('The token does not belong to its session. Sign in again.', 'unknown');
    }
    return viewer;
  }

  private async claimsOf(token: string): Promise<VerifiedClaims> {
    const hash = tokenHash(token).toString('base64');
    const known = this.verified.get(hash);
    // A key that was distrusted takes along what it signed, also where its notification was missed.
    if (known && (await this.keys.find(known.kid))) return known;
    const claims = await verifyAccessToken(token, (kid) => this.keys.find(kid), new Date(this.now()));
    this.verified.set(hash, claims, claims.expiresAtMs);
    return claims;
  }

  private async ofApiToken(token: string, from: RequestSource): Promise<Viewer> {
    const hash = tokenHash(token);
    const standing = await this.rights.get(`token:${hash.toString('base64')}`, () => this.loadToken(hash));
    if ('refusal' in standing) {
      if (standing.reason === 'revoked') this.tokenUse.refused(hash, 'revoked', from);
    } else if (standing.expiresAtMs <= this.now()) this.tokenUse.refused(hash, 'expired', from);
    const viewer = this.standingViewer(standing, 'The API token has expired. Make a new one.');
    this.tokenUse.used(viewer, from);
    return viewer;
  }

  private standingViewer(standing: Standing, expired: string): Viewer {
    if ('refusal' in standing) throw unauthenticated(standing.refusal, standing.reason);
    if (standing.expiresAtMs <= this.now()) throw unauthenticated(expired, 'expired');
    return standing.viewer;
  }

  private async loadSession(sessionId: string): Promise<Standing> {
    const row = await sessionById(this.database.system, sessionId);
    if (!row) return { refusal: 'The session has ended. Sign in again.', reason: 'revoked' };
    const { accountId, userId } = row;
    const who = { kind: 'user', accountId, userId, sessionId, tokenId: null, jobId: null } as const;
    const proven = row.providerId === null ? who : { ...who, confined: true };
    return { viewer: { ...proven, ...rightsOf(row) }, expiresAtMs: row.expiresAt.getTime() };
  }

  private async loadToken(hash: Buffer): Promise<Standing> {
    const row = await tokenByHash(this.database.system, hash);
    if (!row) return this.refusedToken(hash);
    const { accountId, userId, tokenId } = row;
    const who = { kind: 'token', accountId, userId, sessionId: null, tokenId, jobId: null } as const;
    return { viewer: { ...who, ...rightsOfToken(row) }, expiresAtMs: row.expiresAt.getTime() };
  }

  private async refusedToken(hash: Buffer): Promise<Standing> {
    if (await wasToken(this.database.system, hash)) {
      return { refusal: 'The API token was revoked. Make a new one.', reason: 'revoked' };
    }
    return { refusal: 'There is no such API token. Send it whole, as it was shown.', reason: 'unknown' };
  }
}
