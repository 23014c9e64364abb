/** Precision, recall and F1 of links between facilities. */
import { type Labels, leaves, type Place } from './places';

export interface Judgement {
  precision: number;
  recall: number;
  f1: number;
}

/** `links` by reference: original to copy. */
export function judge(
  places: readonly Place[],
  labels: Labels,
  links: ReadonlyMap<string, string>,
): Judgement {
  let [right, linked, wanted] = [0, 0, 0];
  for (const { reference } of leaves(places)) {
    const expected = labels.get(reference) ?? null;
    const found = links.get(reference) ?? null;
    if (expected !== null) wanted++;
    if (found !== null) linked++;
    if (found !== null && found === expected) right++;
  }
  const [precision, recall] = [right / linked, right / wanted];
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
