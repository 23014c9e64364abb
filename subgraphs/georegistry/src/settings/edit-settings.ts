/** Changing what an account wants of its registry. */
import { recordChange } from '@iroko/changes';
import type { AccountDatabase } from '@iroko/database';
import { checkRevision, differingFields, picked } from '../revisions';
import { type SettingsRow, saveSettings, settingsForWriting } from './settings.sql';

export type SettingsEdit = {
  [Field in keyof Omit<SettingsRow, 'revision'>]?: SettingsRow[Field] | undefined;
};

const FIELDS = ['importViolations'] as const;

/** Changes what is given. Throws CONFLICT for another revision. */
export function updateSettings(
  db: AccountDatabase,
  expectedRevision: number,
  edit: SettingsEdit,
): Promise<SettingsRow> {
  return db.transaction(async (tx) => {
    const before = await settingsForWriting(tx);
    const after = { importViolations: edit.importViolations ?? before.importViolations };
    const changed = differingFields(picked(before, FIELDS), after);
    checkRevision(expectedRevision, before.revision, changed);
    if (changed.length === 0) return before;
    const saved = await saveSettings(tx, after);
    await recordChange(tx, {
      subjectType: 'RegistrySettings',
      subjectId: tx.account,
      action: 'UPDATE',
      before: picked(before, changed),
      after: picked(after, changed),
    });
    return saved;
  });
}
