/**
 * Tells requests that overlap from requests that follow one another, within this process.
 *
 * Only a courtesy rests on it: whether a second use of a refresh token is two windows of one browser or a theft.
 * The database decides that no token is used twice, and its clock tells overlaps between processes, if less exactly.
 */
interface Group {
  size: number;
  shared: boolean;
}

export class Overlaps {
  private readonly groups = new Map<string, Group>();

  /** Runs the work; `overlapped` says, when asked, whether another work of the same key ran beside it. */
  async run<Result>(key: string, work: (overlapped: () => boolean) => Promise<Result>): Promise<Result> {
    const group = this.groups.get(key) ?? { size: 0, shared: false };
    this.groups.set(key, group);
    group.size++;
    if (group.size > 1) group.shared = true;
    try {
      return await work(() => group.shared);
    } finally {
      if (--group.size === 0) this.groups.delete(key);
    }
  }
}
