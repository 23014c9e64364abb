/** The address of an embedded server that another process of this Iroko has started, for commands beside it. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { embeddedUser } from './cluster';
import { placeIn } from './place';
import { readState, servesData } from './postmaster-state';

/** Undefined when none runs on this folder. */
export function runningServerUrl(folder: string, database = 'iroko'): string | undefined {
  const wanted = resolve(folder);
  if (!existsSync(wanted)) return undefined;
  const place = placeIn(realpathSync(wanted));
  const state = readState(place);
  if (!state?.ready || !servesData(state.pid, place) || !existsSync(place.password)) return undefined;
  const password = readFileSync(place.password, 'utf8').trim();
  return `postgresql://${embeddedUser}:${password}@127.0.0.1:${state.port}/${database}`;
}
