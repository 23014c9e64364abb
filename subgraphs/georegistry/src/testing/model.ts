/**
 * The registry as a person would describe it: a source's versions as whole trees in memory, each released one
 * frozen. The property tests demand that the database says the same.
 */

export interface ModelUnit {
  name: string;
  parentId: string | null;
}

export type ModelTree = ReadonlyMap<string, ModelUnit>;

export class SourceModel {
  readonly released: ModelTree[] = [];
  draft: Map<string, ModelUnit> | undefined = new Map();

  /** The draft, opened by the edit when there is none. */
  editing(): Map<string, ModelUnit> {
    this.draft ??= new Map(this.newest());
    return this.draft;
  }

  /** The tree that the next edit begins from. */
  newest(): ModelTree {
    return this.draft ?? this.released.at(-1) ?? new Map();
  }

  below(id: string): Set<string> {
    const found = new Set([id]);
    for (let before = 0; before < found.size; ) {
      before = found.size;
      for (const [unit, { parentId }] of this.newest()) if (parentId && found.has(parentId)) found.add(unit);
    }
    return found;
  }

  release(): void {
    this.released.push(new Map(this.editing()));
    this.draft = undefined;
  }

  discard(): void {
    this.draft = undefined;
  }

  /** All versions by number. */
  versions(): ModelTree[] {
    return this.draft ? [...this.released, this.draft] : this.released;
  }
}
