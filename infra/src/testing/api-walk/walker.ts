/**
 * Asks one operation with one id, as one viewer: everything else in it is that viewer's own.
 */
import { newId } from '@iroko/database';
import type { IdPlace } from './id-places';
import { typeOfId } from './id-types';
import { type Operation, type Request, requestOf } from './operations';
import type { SeededRecords } from './seeds';

/** A request of the operation with `id` at the place, and records of `own` wherever else an id is needed; `given` are whole arguments. */
export function walkRequest(
  operation: Operation,
  place: IdPlace | undefined,
  id: string,
  own: SeededRecords,
  given?: Readonly<Record<string, unknown>>,
): Request {
  const known = new Set(own.ids.keys());
  const ownId = (type: string) => own.ids.get(type) ?? newId();
  const samePlace = (other: IdPlace) => place?.path.join('.') === other.path.join('.');
  return requestOf(
    operation,
    {
      towards: place,
      given,
      idAt: (other) => (samePlace(other) ? id : ownId(typeOfId(other, operation.field, known))),
    },
    {
      feed: (field) => ({ idAt: (other) => ownId(typeOfId(other, field, known)) }),
      entityId: ownId,
    },
  );
}
