/** A date with a time as a moment. A time without a zone was on the clock of the file's time zone. */
import { type DateOrder, parseDate } from '@iroko/tabular';

const FORM = /^(\S+?)[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?$/i;

/** RFC 3339 in UTC with milliseconds; undefined when the text is no date with a time. */
export function instantOf(text: string, order: DateOrder, timeZone: string): string | undefined {
  const [, day, hour, minute, second = '0', fraction = '0', zone] = FORM.exec(text) ?? [];
  const date = day === undefined ? undefined : parseDate(day, order);
  if (date === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const clock = new Date(`${date}T${hour}:${minute}:00Z`).getTime() + Number(second) * 1000 + milliseconds;
  const offset = zone === undefined ? offsetAt(clock, timeZone) : offsetOf(zone);
  return new Date(clock - offset).toISOString();
}

function offsetOf(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clock is ahead of UTC when it shows this time; asked twice, since the answer moves the moment. */
function offsetAt(clock: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const first = clockAt(clock, timeZone) - clock;
  return clockAt(clock - first, timeZone) - (clock - first);
}

/** What the clock of the zone shows at a moment, as if it were UTC. */
function clockAt(moment: number, timeZone: string): number {
  const known = formatters.get(timeZone);
  const formatter =
    known ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  if (!known) formatters.set(timeZone, formatter);
  const parts = Object.fromEntries(
    formatter.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((moment % 1000) + 1000) % 1000);
}

/** Whether the name is one of the IANA time zones. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
