/**
 * How large an operation is: depth, aliases, root fields and selections, counted with fragments in their places.
 * A fragment is measured once, so that fragments which double each other are counted without being expanded.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

export interface OperationSize {
  /** Fields inside fields; a single field is 1. */
  readonly depth: number;
  readonly aliases: number;
  /** Fields of the root, fragments at the root included. */
  readonly rootFields: number;
  /** Fields altogether. */
  readonly fields: number;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
}

export function sizeOf(operation: OperationDefinitionNode, fragments: Fragments): OperationSize {
  return new Measure(fragments).of(operation.selectionSet);
}

const EMPTY: OperationSize = { depth: 0, aliases: 0, rootFields: 0, fields: 0 };

class Measure {
  readonly #known = new Map<string, OperationSize>();

  constructor(private readonly fragments: Fragments) {}

  of(selectionSet: SelectionSetNode): OperationSize {
    let total = EMPTY;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const below = selection.selectionSet ? this.of(selection.selectionSet) : EMPTY;
        const aliases = below.aliases + (selection.alias ? 1 : 0);
        total = sum(total, { depth: below.depth + 1, aliases, rootFields: 1, fields: below.fields + 1 });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        total = sum(total, this.of(selection.selectionSet));
      } else total = sum(total, this.#ofFragment(selection.name.value));
    }
    return total;
  }

  #ofFragment(name: string): OperationSize {
    const known = this.#known.get(name);
    if (known) return known;
    const fragment = this.fragments.get(name);
    // A fragment inside itself counts nothing there: validation refuses it afterwards.
    this.#known.set(name, EMPTY);
    const size = fragment ? this.of(fragment.selectionSet) : EMPTY;
    this.#known.set(name, size);
    return size;
  }
}

function sum(left: OperationSize, right: OperationSize): OperationSize {
  return {
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    rootFields: left.rootFields + right.rootFields,
    fields: left.fields + right.fields,
  };
}
