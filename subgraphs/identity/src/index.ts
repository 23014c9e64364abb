export {
  type FoundAccountInput,
  type FoundedAccount,
  type FoundingServices,
  foundAccount,
} from './accounts/found-account';
export { type Resealed, resealSecrets } from './keys/reseal';
export { SigningKeys } from './keys/signing-keys';
export { mailPageRoute } from './mail/mail-page';
export { type KeptMail, readMailbox } from './mail/mailbox';
export { Passwords } from './passwords/passwords';
export {
  createOperatorToken,
  listOperatorTokens,
  type OperatorTokenRow,
  revokeOperatorToken,
} from './set-up/operator-tokens';
export { type SetUp, type SetUpInput, setUpAccount } from './set-up/set-up-account';
export { createIdentity, type Identity, type IdentityServices, passwordsOf } from './subgraph';
