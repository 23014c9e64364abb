/** Defining groups. Which units are in one is part of a unit's state, so it is edited with the unit. */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, newId } from '@iroko/database';
import { textKey } from '@iroko/text';
import { checkedName } from '../name-rules';
import { translatingRefusals } from '../refusals';
import { lockSource } from '../versions/drafts';
import { type GroupRow, insertGroup } from './group.sql';

export interface NewGroup {
  dataSourceId: string;
  name: string;
  /** Generated when left out. */
  reference?: string | undefined;
}

/** Throws NOT_FOUND for the source, BAD_USER_INPUT, and CONFLICT when the reference is taken. */
export function createGroup(db: AccountDatabase, fields: NewGroup): Promise<GroupRow> {
  const name = checkedName(fields.name, ['name']);
  const id = newId();
  const given = fields.reference === undefined ? undefined : checkedName(fields.reference, ['reference']);
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      await lockSource(tx, fields.dataSourceId);
      const group = await insertGroup(tx, {
        id,
        dataSourceId: fields.dataSourceId,
        name,
        nameKey: textKey(name),
        reference: given ?? id,
        referenceGenerated: given === undefined,
      });
      const after = { name, reference: group.reference, dataSourceId: group.dataSourceId };
      await recordChange(tx, { subjectType: 'Group', subjectId: id, action: 'CREATE', before: null, after });
      return group;
    }),
  );
}
