/**
 * Generates operations for a schema: aliases, fragments, type conditions, `@skip` and `@include`, arguments as
 * literals and as variables. What it makes parses; whether it is valid is for `validate` to say, since two
 * fields under one alias may contradict each other.
 */
import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

const ALIASES = ['a', 'b', 'constructor', '__proto__', 'toString', 'name', 'id'];
const CONDITIONS = [
  '@skip(if: $off)',
  '@include(if: $on)',
  '@skip(if: $on)',
  '@include(if: true)',
  '@skip(if: true)',
];

/** A stream of choices; fast-check shrinks it, and so the operation. */
class Choices {
  #next = 0;
  constructor(private readonly numbers: readonly number[]) {}

  /** A whole number from 0 to `count - 1`; 0 once the stream has ended. */
  of(count: number): number {
    const number = this.numbers[this.#next++] ?? 0;
    return count > 0 ? number % count : 0;
  }

  oneIn(count: number): boolean {
    return this.of(count) === count - 1 && count > 1;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.of(items.length)] as Item;
  }
}

export function operations(schema: GraphQLSchema): fc.Arbitrary<GeneratedOperation> {
  return fc
    .record({
      numbers: fc.array(fc.nat(10_000), { minLength: 20, maxLength: 160 }),
      on: fc.boolean(),
      off: fc.option(fc.boolean(), { nil: undefined }),
      first: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
      kind: fc.constantFrom('ZONE', 'SCHOOL'),
      text: fc.option(fc.constantFrom('', 'é"\\', 'place'), { nil: null }),
    })
    .map(({ numbers, ...given }) => ({
      query: new OperationWriter(schema, new Choices(numbers)).write(),
      variables: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    }));
}

const VARIABLES = '$on: Boolean!, $off: Boolean! = false, $first: Int = 2, $kind: Kind, $text: String';

class OperationWriter {
  readonly #fragments: string[] = [];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly choices: Choices,
  ) {}

  write(): string {
    const query = this.schema.getQueryType();
    if (!query) throw new Error('There is nothing to query.');
    const body = this.#selections(query, query, 4);
    const text = [body, ...this.#fragments].join('\n');
    const used = VARIABLES.split(', ').filter((each) => text.includes(each.split(':', 1)[0] as string));
    return `query Generated${used.length > 0 ? `(${used.join(', ')})` : ''} ${text}`;
  }

  /** `place` is the type of the field around it; `type` what the fragments between say besides. */
  #selections(place: GraphQLCompositeType, type: GraphQLCompositeType, depth: number): string {
    const parts = [this.#selection(place, type, depth)];
    const more = this.choices.of(4);
    for (let index = 0; index < more; index++) parts.push(this.#selection(place, type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  #selection(place: GraphQLCompositeType, type: GraphQLCompositeType, depth: number): string {
    if (depth > 0 && this.choices.oneIn(5)) return this.#fragment(place, type, depth - 1);
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    const leavesOnly = depth <= 1 || (isObjectType(place) && type !== place);
    const usable = fields.filter((field) => !leavesOnly || !isCompositeType(getNamedType(field.type)));
    if (usable.length === 0 || this.choices.oneIn(10)) {
      return `${this.choices.oneIn(3) ? 'kindOfThing: ' : ''}__typename`;
    }
    return this.#field(this.choices.pick(usable), depth);
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const alias = this.choices.oneIn(5) ? `${this.choices.pick(ALIASES)}: ` : '';
    const type = getNamedType(field.type);
    const below = isCompositeType(type) ? ` ${this.#selections(type, type, depth - 1)}` : '';
    return `${alias}${field.name}${this.#arguments(field.args)}${this.#condition()}${below}`;
  }

  #condition(): string {
    return this.choices.oneIn(7) ? ` ${this.choices.pick(CONDITIONS)}` : '';
  }

  #fragment(place: GraphQLCompositeType, type: GraphQLCompositeType, depth: number): string {
    const condition = this.choices.pick(this.#conditions(place, type));
    const body = this.#selections(place, condition, depth);
    if (this.choices.oneIn(2)) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push(`fragment ${name} on ${condition.name} ${body}`);
      return `...${name}${this.#condition()}`;
    }
    const on = condition === type && this.choices.oneIn(2) ? '' : ` on ${condition.name}`;
    return `...${on}${this.#condition()} ${body}`;
  }

  /**
   * Where the field's type is an object type, the stock executor forgets it inside a fragment on an interface,
   * and drops what a narrower fragment there, or on an object below, asks for. So only conditions that hold
   * anyway are made there, and inside them leaves only.
   */
  #conditions(place: GraphQLCompositeType, type: GraphQLCompositeType): GraphQLCompositeType[] {
    const overlapping = this.#overlapping(type);
    if (!isObjectType(place)) return overlapping;
    return overlapping.filter(
      (other) =>
        other === type || (isAbstractType(other) && !isUnionType(type) && this.schema.isSubType(other, type)),
    );
  }

  #overlapping(type: GraphQLCompositeType): GraphQLCompositeType[] {
    const possible = new Set(isObjectType(type) ? [type] : this.schema.getPossibleTypes(type));
    return Object.values(this.schema.getTypeMap()).filter((other): other is GraphQLCompositeType => {
      if (other.name.startsWith('__') || !isCompositeType(other)) return false;
      if (isObjectType(other)) return possible.has(other);
      return isAbstractType(other) && this.schema.getPossibleTypes(other).some((each) => possible.has(each));
    });
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const written = args
      .filter((argument) => isNonNullType(argument.type) || this.choices.oneIn(2))
      .map((argument) => `${argument.name}: ${this.#value(argument)}`);
    return written.length > 0 ? `(${written.join(', ')})` : '';
  }

  #value(argument: GraphQLArgument): string {
    const type = getNamedType(argument.type);
    if (isEnumType(type)) return this.choices.oneIn(2) ? '$kind' : 'ZONE';
    switch (type.name) {
      case 'Int':
        return this.choices.oneIn(2) ? '$first' : String(this.choices.of(5));
      case 'Float':
        return '1.5';
      case 'Boolean':
        return this.choices.oneIn(2) ? '$on' : 'true';
      case 'ID':
        return `"p${this.choices.of(10)}"`;
      default:
        return this.choices.oneIn(2) ? '$text' : '"text"';
    }
  }
}
