export { CREDENTIAL_PURPOSE, type CredentialRow, credentialContext, openCredential } from './credential';
export { type MasterKeys, Seal } from './seal';
