/** How well a run did against what is known to be right: counts over plain data. */

export type LinkErrorKind = 'WRONG' | 'UNWANTED' | 'MISSED';

export interface LinkError {
  kind: LinkErrorKind;
  left: string;
  /** What was linked; null for a link that was missed. */
  linked: string | null;
  /** What is right; null where the unit has no counterpart. */
  expected: string | null;
}

export interface Evaluation {
  labelled: number;
  /** Links of labelled units, and how many of them are right. */
  links: number;
  right: number;
  /** 0 to 1; 1 where there was nothing to be wrong about. */
  precision: number;
  recall: number;
  f1: number;
  errors: LinkError[];
}

/** Both by unit of the left side; null says that it has no counterpart. Links of unlabelled units count for nothing. */
export function evaluate(
  labels: ReadonlyMap<string, string | null>,
  links: ReadonlyMap<string, string>,
): Evaluation {
  const errors: LinkError[] = [];
  let [linkCount, right, wanted] = [0, 0, 0];
  for (const [left, expected] of labels) {
    const linked = links.get(left) ?? null;
    if (expected !== null) wanted++;
    if (linked !== null) linkCount++;
    if (linked === expected) {
      if (linked !== null) right++;
      continue;
    }
    errors.push({
      kind: linked === null ? 'MISSED' : expected === null ? 'UNWANTED' : 'WRONG',
      left,
      linked,
      expected,
    });
  }
  const precision = linkCount === 0 ? 1 : right / linkCount;
  const recall = wanted === 0 ? 1 : right / wanted;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { labelled: labels.size, links: linkCount, right, precision, recall, f1, errors };
}
