/**
 * The unit a submission was made at, from the answer to the form's unit question.
 *
 * A form without a unit question, and an empty answer (whether it must be given is the form's to say), give none.
 * Anything else must be a unit that the account's current versions hold, or the submission cannot be taken.
 */
import { type AccountDatabase, isId } from '@iroko/database';
import { XmlDefect } from '../xml/defect';
import { type CurrentUnit, currentUnit } from './units.sql';

export async function unitOfAnswer(
  db: AccountDatabase,
  question: string | null,
  answers: readonly string[],
): Promise<CurrentUnit | null> {
  const [answer] = answers;
  if (question === null || answer === undefined) return null;
  const unit = isId(answer) ? await currentUnit(db, answer) : undefined;
  if (!unit) {
    throw new XmlDefect(
      'UNKNOWN_UNIT',
      `The answer to ${question} is ${JSON.stringify(answer.slice(0, 100))}; that is no id of an org unit in the current version of its source.`,
    );
  }
  if (unit.status === 'REJECTED') {
    throw new XmlDefect(
      'UNKNOWN_UNIT',
      `The answer to ${question} is the id of an org unit that was rejected.`,
    );
  }
  return unit;
}
