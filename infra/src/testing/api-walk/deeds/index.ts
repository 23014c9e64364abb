/**
 * How a mutation is done that the values of the examples do not get to do anything: each prepares what it needs, in
 * the account that acts, and answers the arguments. The other walks over the API know nothing of these.
 */
import { FORM_DEEDS } from './forms';
import type { Deed } from './ground';
import { PEOPLE_DEEDS } from './people';
import { REGISTRY_DEEDS } from './registry';
import { SETTING_DEEDS } from './settings';

export { groundOf } from './ground';

export const DEEDS: Readonly<Record<string, Deed>> = {
  ...PEOPLE_DEEDS,
  ...SETTING_DEEDS,
  ...REGISTRY_DEEDS,
  ...FORM_DEEDS,
};
