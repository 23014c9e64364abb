export {
  type FoundAccountInput,
  type FoundedAccount,
  type FoundingServices,
  foundAccount,
} from './accounts/found-account';
export { SigningKeys } from './keys/signing-keys';
export { Passwords } from './passwords/passwords';
export { createIdentity, type Identity, type IdentityServices, passwordsOf } from './subgraph';
