/** Changing what an account wants of its registry. */
import { recordChange } from '@iroko/changes';
import type { AccountDatabase } from '@iroko/database';
import { badInput, conflict } from '@iroko/errors';
import { checkRevision, differingFields, picked } from '../revisions';
import { type SettingsRow, saveSettings, settingsForWriting } from './settings.sql';

export type SettingsEdit = {
  [Field in keyof Omit<SettingsRow, 'revision'>]?: SettingsRow[Field] | undefined;
};

const FIELDS = ['importViolations', 'requiredScore'] as const;

/** Changes what is given. Throws BAD_USER_INPUT for a score out of range, CONFLICT for another revision. */
export function updateSettings(
  db: AccountDatabase,
  expectedRevision: number,
  edit: SettingsEdit,
): Promise<SettingsRow> {
  return db.transaction(async (tx) => {
    const before = await settingsForWriting(tx);
    const after = {
      importViolations: edit.importViolations ?? before.importViolations,
      requiredScore: edit.requiredScore === undefined ? before.requiredScore : edit.requiredScore,
    };
    const { requiredScore } = after;
    if (requiredScore !== null && (requiredScore < 0 || requiredScore > 100)) {
      throw badInput(`requiredScore is ${requiredScore}; scores go from 0 to 100.`, {
        path: ['requiredScore'],
      });
    }
    const changed = differingFields(picked(before, FIELDS), after);
    checkRevision(expectedRevision, before.revision, changed);
    if (changed.length === 0) return before;
    const saved = await saveSettings(tx, { ...after, revision: before.revision });
    if (!saved)
      throw conflict('This was changed meanwhile. Read it again and repeat your edit.', { fields: changed });
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
