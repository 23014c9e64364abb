/** Defining types of org units. */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, newId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkedName, checkedText } from '../name-rules';
import { translatingRefusals } from '../refusals';
import { insertType, type TypeRow } from './type.sql';

export interface NewType {
  name: string;
  shortName?: string | undefined;
  depth?: number | null | undefined;
}

const DEPTH_MAX = 63;

/** Throws BAD_USER_INPUT, and CONFLICT when the name is taken. */
export function createType(db: AccountDatabase, fields: NewType): Promise<TypeRow> {
  const name = checkedName(fields.name, ['name']);
  const shortName = checkedText(fields.shortName ?? '', ['shortName']);
  const depth = fields.depth ?? null;
  if (depth !== null && (depth < 0 || depth > DEPTH_MAX)) {
    throw badInput(`depth is ${depth}; levels go from 0 for roots to ${DEPTH_MAX}.`, { path: ['depth'] });
  }
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const type = await insertType(tx, { id: newId(), name, nameKey: textKey(name), shortName, depth });
      const after = { name, shortName, depth };
      await recordChange(tx, {
        subjectType: 'OrgUnitType',
        subjectId: type.id,
        action: 'CREATE',
        before: null,
        after,
      });
      return type;
    }),
  );
}
