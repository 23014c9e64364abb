/**
 * Deeds that change what an administrator sets: projects, servers, webhooks, jobs.
 */
import type { Deed } from './ground';
import { newWord } from './people';

export const SETTING_DEEDS: Readonly<Record<string, Deed>> = {
  'Mutation.updateExternalCredential': async ({ mutate }) => {
    const { id, revision } = await mutate(
      'identity',
      'createExternalCredential',
      '$input: CreateExternalCredentialInput!',
      { input: { name: newWord(), kind: 'DHIS2', url: 'https://192.0.3.1/', login: 'x', secret: 'x' } },
    );
    return { input: { id, expectedRevision: revision, name: newWord() } };
  },
};
