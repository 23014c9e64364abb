/**
 * A provider that speaks OpenID Connect and says what a test wants: the honest answer, or it with one thing changed.
 */
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { StandIn, type StandInReply, type StandInRequest } from './stand-in';

export interface Lie {
  /** The whole reply instead of a document. */
  discoveryReply?: StandInReply;
  discovery?: (document: Record<string, unknown>) => unknown;
  claims?: (claims: JWTPayload) => JWTPayload;
  idToken?: (token: string) => string | undefined;
  signedBy?: CryptoKey;
  userinfo?: object;
  token?: StandInReply;
}

type KeyPair = { kid: string; publicKey: CryptoKey; privateKey: CryptoKey };

export class LyingProvider {
  lie: Lie = {};
  private nonce = '';
  private partner!: StandIn;

  private constructor(
    private keys: KeyPair,
    private readonly emailOfAda: () => string,
  ) {}

  /** Whoever signs in there is Ada, at the address that is told then. */
  static async open(emailOfAda: () => string): Promise<LyingProvider> {
    const provider = new LyingProvider(await newKeys('first'), emailOfAda);
    provider.partner = await StandIn.open((request) => provider.answer(request));
    return provider;
  }

  get url(): string {
    return this.partner.url;
  }

  /** The requests to a path so far. */
  asked(path: string): StandInRequest[] {
    return this.partner.asked.filter(({ url }) => url.pathname === path);
  }

  /** From now on it signs with another key, which alone it publishes. */
  async changeKeys(kid: string): Promise<void> {
    this.keys = await newKeys(kid);
  }

  close(): Promise<void> {
    return this.partner.close();
  }

  private async answer(request: StandInRequest): Promise<StandInReply> {
    const { lie, url } = this;
    switch (request.url.pathname) {
      case '/.well-known/openid-configuration':
        return lie.discoveryReply ?? { json: (lie.discovery ?? ((document) => document))(discoveryOf(url)) };
      case '/keys': {
        const { kid, publicKey } = this.keys;
        return { json: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] } };
      }
      case '/authorize': {
        this.nonce = request.url.searchParams.get('nonce') ?? '';
        const back = new URL(request.url.searchParams.get('redirect_uri') ?? '');
        back.searchParams.set('code', 'one-time');
        back.searchParams.set('state', request.url.searchParams.get('state') ?? '');
        return { status: 302, location: back.href };
      }
      case '/token':
        return lie.token ?? { json: await this.tokenAnswer() };
      case '/me':
        return { json: { sub: 'ada', email: this.emailOfAda(), email_verified: true, ...lie.userinfo } };
      default:
        return { status: 404 };
    }
  }

  private async tokenAnswer(): Promise<object> {
    const { lie, keys, nonce, url } = this;
    const now = Math.floor(Date.now() / 1000);
    const honest = { iss: url, sub: 'ada', aud: 'iroko', nonce, iat: now, exp: now + 60 };
    const claims = (lie.claims ?? ((all) => all))(honest);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: keys.kid })
      .sign(lie.signedBy ?? keys.privateKey);
    const idToken = lie.idToken ? lie.idToken(token) : token;
    return { access_token: 'access', token_type: 'Bearer', ...(idToken ? { id_token: idToken } : {}) };
  }
}

async function newKeys(kid: string): Promise<KeyPair> {
  return { kid, ...(await generateKeyPair('ES256', { extractable: true })) };
}

const discoveryOf = (url: string) => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  jwks_uri: `${url}/keys`,
  userinfo_endpoint: `${url}/me`,
  id_token_signing_alg_values_supported: ['ES256'],
});
