export {
  ACCESS_TOKEN_SECONDS,
  type AccessClaims,
  type SigningKey,
  signAccessToken,
} from './access-token';
export { accountSlug, type RequestHeaders } from './account-slug';
export { API_TOKEN_PREFIX, tokenHash } from './bearer';
export * from './modules';
export * from './permissions';
export * from './scope/paths';
export * from './scope/scope';
export * from './scope/unit-scope';
export { inSubtrees, placesOfUnits, type UnitPlace } from './scope/unit-scope.sql';
export type { RequestSource } from './token-use';
export * from './viewer';
export { type JobOrigin, RIGHTS_CHANNEL, Viewers, type ViewersOptions } from './viewers';
