/**
 * Numbers for what many rows share (ancestors, types, groups), so that a staged row carries four bytes instead of a
 * name, and joins in the database are on numbers.
 */
import { textKey } from '@iroko/text';

/** An ancestor that rows name by the names above them. */
export interface Ancestor {
  number: number;
  parent: number | null;
  name: string;
  /** 0 for the outermost column. */
  level: number;
}

/** Ancestors by their names from the root down: two districts of one name in two regions are two ancestors. */
export class AncestorIndex {
  private readonly numbers = new Map<string, number>();
  private fresh: Ancestor[] = [];

  get size(): number {
    return this.numbers.size;
  }

  /** The number of the innermost ancestor; empty names are skipped. Null when all are empty. */
  numberOf(names: readonly string[]): number | null {
    let parent: number | null = null;
    for (let level = 0; level < names.length; level++) {
      const name = names[level] as string;
      if (name === '') continue;
      const key: string = `${parent ?? ''}\u0000${name}`;
      let number = this.numbers.get(key);
      if (number === undefined) {
        number = this.numbers.size + 1;
        this.numbers.set(key, number);
        this.fresh.push({ number, parent, name, level });
      }
      parent = number;
    }
    return parent;
  }

  /** Those that were met since the last call. */
  takeFresh(): Ancestor[] {
    const fresh = this.fresh;
    this.fresh = [];
    return fresh;
  }
}

/** Names that are one when they differ in accents and capitals alone, numbered from 1. */
export class NameIndex {
  private readonly numbers = new Map<string, number>();
  readonly names: { number: number; name: string; key: string }[] = [];

  /** `limit`: more different names than that are no list of types but a wrong column. */
  constructor(
    private readonly limit: number,
    private readonly tooMany: (limit: number) => Error,
    private readonly keyOf: (name: string) => string = textKey,
  ) {}

  numberOf(name: string): number {
    const key = this.keyOf(name);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    if (this.names.length >= this.limit) throw this.tooMany(this.limit);
    const number = this.names.length + 1;
    this.numbers.set(key, number);
    // A copy: the name may be a piece of the file's text and would keep all of it in memory.
    this.names.push({ number, name: Buffer.from(name).toString(), key });
    return number;
  }
}
