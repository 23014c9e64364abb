/** When a notice may be sent again. */

export const FREQUENCIES = ['IMMEDIATE', 'HOURLY', 'DAILY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

export interface NoticePace {
  frequency: Frequency;
  /** Of the day, 0 to 23, for daily notices. */
  hour: number | null;
}

/** What happens in one go is told in one mail. */
const IMMEDIATE_GAP_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Zones are apart from UTC by whole quarters of an hour. */
const STEP_MS = HOUR_MS / 4;
/** A clock that is put forward leaves out an hour; the next day has it again. */
const STEPS_MAX = 4 * 50;

/** The first moment after `now`. `timeZone` is an IANA name. */
export function nextNotice({ frequency, hour }: NoticePace, timeZone: string, now: Date): Date {
  if (frequency === 'IMMEDIATE') return new Date(now.getTime() + IMMEDIATE_GAP_MS);
  if (frequency === 'HOURLY') return new Date((Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS);
  const clock = new Intl.DateTimeFormat('en', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  let at = Math.floor(now.getTime() / STEP_MS) * STEP_MS;
  for (let step = 0; step < STEPS_MAX; step++) {
    at += STEP_MS;
    const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    if (parts.hour === hour && parts.minute === 0) return new Date(at);
  }
  throw new Error(`${timeZone} has no hour ${hour}.`);
}
