/** What readers saw against what committed. */
import type { Seen } from './readers';

export interface Verdict {
  what: string;
  held: boolean;
}

export function duplicates(seen: readonly Seen[]): number {
  return seen.length - new Set(seen.map(({ id }) => id)).size;
}

/** Whether what happened to one subject came in its order; what came again counts where it came first. */
export function orderBySubject(seen: readonly Seen[], truth: readonly Seen[]): boolean {
  const wanted = bySubject(truth);
  const got = bySubject([...new Map(seen.map((each) => [each.id, each])).values()]);
  return [...wanted].every(([subject, ids]) => JSON.stringify(got.get(subject)) === JSON.stringify(ids));
}

function bySubject(events: readonly Seen[]): Map<string, string[]> {
  const subjects = new Map<string, string[]>();
  for (const { id, subject } of events) subjects.set(subject, [...(subjects.get(subject) ?? []), id]);
  return subjects;
}
