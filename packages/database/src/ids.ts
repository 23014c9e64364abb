import { v7 } from 'uuid';

/** A UUIDv7: unique everywhere, and in the order of time, so that indexes grow at their end. */
export function newId(): string {
  return v7();
}

/** Whether the text is a UUID as PostgreSQL takes it; anything else is an id that never was. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
