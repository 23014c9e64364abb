/**
 * Paths of org units: 4 bytes a level, from the root of the tree down to the unit. A path stands here for the subtree
 * of its unit; a set of paths for what lies in any of those subtrees.
 */

/** Whether the subtree of `path` holds the unit at `other`. */
export function covers(path: Buffer, other: Buffer): boolean {
  return path.length <= other.length && path.equals(other.subarray(0, path.length));
}

/** The paths without those that lie below another one, in the order of the tree. */
export function topmost(paths: readonly Buffer[]): Buffer[] {
  const kept: Buffer[] = [];
  for (const path of [...paths].sort(Buffer.compare)) {
    // A path sorts right behind what it lies below.
    const last = kept.at(-1);
    if (last === undefined || !covers(last, path)) kept.push(path);
  }
  return kept;
}

/** What lies in both sets: of two paths where one covers the other, the longer one. */
export function intersection(one: readonly Buffer[], other: readonly Buffer[]): Buffer[] {
  const inOther = one.filter((path) => other.some((above) => covers(above, path)));
  const inOne = other.filter((path) => one.some((above) => covers(above, path)));
  return topmost([...inOther, ...inOne]);
}

/** Whether one of the subtrees holds the unit at this path. */
export function holds(paths: readonly Buffer[], path: Buffer): boolean {
  return paths.some((above) => covers(above, path));
}
