/**
 * When two answers are the same: in everything but the id that was asked for, and what is new in any answer (ids,
 * times and secrets made by the request itself). An id of the other account is never passed over.
 */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;
/** A cursor's MAC covers the filter, and with it the id that was asked for. */
const CURSOR = /"(cursor|startCursor|endCursor)": "[^"]*"/g;
const SECRET = /irokor?_[A-Za-z0-9_-]{43}/g;

/** The answer as text that can be compared; `foreign` are the ids that must stay visible. */
export function comparable(answer: unknown, asked: string, foreign: ReadonlySet<string>): string {
  return JSON.stringify(answer, null, 1)
    .replaceAll(asked, '<the id>')
    .replace(CURSOR, '"$1": "<cursor>"')
    .replace(UUID, (id) => (foreign.has(id) ? `<FOREIGN ${id}>` : '<new id>'))
    .replace(TIME, '<time>')
    .replace(SECRET, '<secret>');
}
