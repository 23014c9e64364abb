/** Whether a start makes the demo, and what becomes of the start when that fails: it goes on without. */
import type { Database } from '@iroko/database';
import type { Settings } from '@iroko/settings';
import type { Logger } from '@iroko/telemetry';
import { type Demo, loadDemo } from './load-demo';

export interface DemoSurroundings {
  settings: Settings;
  /** Only the database that we started ourselves gets a demo. */
  embedded: boolean;
  url: string;
  database: Database;
  log: Logger;
  progress(step: string): void;
}

/** The demo's sign-in and query; undefined where there is no demo. */
export async function demoAtStart(surroundings: DemoSurroundings): Promise<Demo | undefined> {
  const { settings, embedded, log } = surroundings;
  if (!settings.demo || !embedded || settings.nodeEnv === 'production') return undefined;
  try {
    return (await loadDemo(surroundings)) ?? undefined;
  } catch (error) {
    log.error({ err: error }, 'the demo could not be loaded; the next start tries again');
    return undefined;
  }
}
