/**
 * Which question says where a submission was made.
 *
 * A form may name the question by its path. Otherwise it is the leaf called `orgUnit` outside repeats, when there
 * is exactly one; the answer is the id of an org unit.
 */
import type { Question } from './xform';

export const UNIT_QUESTION_NAME = 'orgUnit';

/** The path of the unit question, or null: submissions of the form then have no unit. */
export function findUnitQuestion(questions: readonly Question[]): string | null {
  const called = questions.filter(
    ({ name, repeatPath }) => name === UNIT_QUESTION_NAME && repeatPath === null,
  );
  return called.length === 1 ? (called[0]?.path ?? null) : null;
}

/** Why a path cannot be the unit question of a form with these questions; null when it can. */
export function refuseUnitQuestion(path: string, questions: readonly Question[]): string | null {
  const question = questions.find((candidate) => candidate.path === path);
  if (!question) {
    return `The form has no question at ${JSON.stringify(path)}. A path begins at the root, such as "/data/orgUnit".`;
  }
  if (question.repeatPath !== null) {
    return `The question at ${JSON.stringify(path)} is asked again and again in a repeat; a submission has one unit.`;
  }
  return null;
}
