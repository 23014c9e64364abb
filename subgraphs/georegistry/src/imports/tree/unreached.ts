/**
 * Why rows are not reached from a root: their parent is missing, is themselves, stands in quarantine, or their ancestors
 * run in a circle. Every node has one parent, so following parents ends outside, or in a circle.
 */
import type { DefectReason } from '../staging/staged-unit';
import type { UnreachedNode } from './tree.sql';

export interface Unreached {
  id: number;
  reason: DefectReason;
  message: string;
}

const MESSAGES: Partial<Record<DefectReason, string>> = {
  PARENT_MISSING: 'The parent is not in the file. Add its row or correct the reference.',
  PARENT_AMBIGUOUS: 'Several rows could be the parent: they bear its name in the same place.',
  PARENT_IN_QUARANTINE: 'The parent is in quarantine, and so is everything below it.',
  PARENT_IS_SELF: 'The row names itself as its parent.',
  CYCLE: 'The ancestors of this row run in a circle.',
  TREE_TOO_DEEP: 'A tree has at most 64 levels.',
};

/** One reason per row; nodes that are no rows (ancestors, kept units) get none. */
export function explainUnreached(
  nodes: readonly UnreachedNode[],
  isRow: (id: number) => boolean,
): Unreached[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const circles = nodesInCircles(byId);
  return nodes
    .filter(({ id }) => isRow(id))
    .map((node) => {
      const reason = reasonOf(node, circles.has(node.id));
      return { id: node.id, reason, message: MESSAGES[reason] ?? '' };
    });
}

function reasonOf(node: UnreachedNode, inCircle: boolean): DefectReason {
  if (node.parent === node.id) return 'PARENT_IS_SELF';
  if (inCircle) return 'CYCLE';
  if (node.deep) return 'TREE_TOO_DEEP';
  if (!node.orphan) return 'PARENT_IN_QUARANTINE';
  if (node.ambiguous) return 'PARENT_AMBIGUOUS';
  return node.defectAbove ? 'PARENT_IN_QUARANTINE' : 'PARENT_MISSING';
}

/** Walks up from every node once: a walk that meets itself has found a circle. */
export function nodesInCircles(
  nodes: ReadonlyMap<number, { id: number; parent: number | null }>,
): Set<number> {
  const circles = new Set<number>();
  const walkOf = new Map<number, number>();
  let walk = 0;
  for (const start of nodes.keys()) {
    walk++;
    let at: number | null = start;
    while (at !== null && nodes.has(at) && !walkOf.has(at)) {
      walkOf.set(at, walk);
      at = nodes.get(at)?.parent ?? null;
    }
    if (at === null || walkOf.get(at) !== walk || circles.has(at)) continue;
    for (let on = at; !circles.has(on); on = nodes.get(on)?.parent ?? on) circles.add(on);
  }
  return circles;
}
