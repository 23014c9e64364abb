export {
  ACCESS_TOKEN_SECONDS,
  type AccessClaims,
  type SigningKey,
  signAccessToken,
} from './access-token';
export { API_TOKEN_PREFIX, tokenHash } from './bearer';
export * from './permissions';
export * from './viewer';
export { type JobOrigin, RIGHTS_CHANNEL, Viewers, type ViewersOptions } from './viewers';
