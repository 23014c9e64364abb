/**
 * Shaping an answer with everything that can go wrong: nulls where the schema has none, values that are no
 * values of their type, unknown type names. It says which they are and lets the null rise, as the
 * specification wants. Slower than the generated shaping, which gives up and leaves such answers to this one.
 */
import { type GraphQLOutputType, getNamedType, isListType, isNonNullType, isObjectType } from 'graphql';
import { leafCheck } from './leaf-values';
import { isObject, ownValue, setOwn } from './merge';
import { type CompositeShape, type FieldShape, type ObjectShape } from './shape';
import type { ResultObject } from './subgraph';

/** A value of a subgraph that the schema does not allow; the null that stands for it has no other error. */
export interface CompletionProblem {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

export interface ShapedAnswer {
  readonly data: ResultObject | null;
  readonly problems: readonly CompletionProblem[];
}

/** `invalid`: null stands where it may not, and rises. `explained`: a problem has been written down for it. */
interface Shaped {
  value: unknown;
  invalid?: boolean;
  explained?: boolean;
}

const NULL: Shaped = { value: null };
const EXPLAINED_NULL: Shaped = { value: null, explained: true };
const INVALID: Shaped = { value: null, invalid: true, explained: true };

export function shapeExactly(shape: CompositeShape, data: ResultObject): ShapedAnswer {
  const shaper = new ExactShaper();
  const root = shaper.object(shape.ofStaticType(), data);
  return { data: root, problems: shaper.problems };
}

class ExactShaper {
  readonly problems: CompletionProblem[] = [];
  readonly #path: (string | number)[] = [];

  /** Null when a null rises into this object. */
  object(shape: ObjectShape, input: ResultObject): ResultObject | null {
    const output: ResultObject = Object.create(null);
    for (const field of shape.fields) {
      const value = field.name === '__typename' ? typeName(shape) : this.#field(shape, field, input);
      if (value.invalid) return null;
      setOwn(output, field.key, value.value);
    }
    return output;
  }

  #field(parent: ObjectShape, field: FieldShape, input: ResultObject): Shaped {
    this.#path.push(field.key);
    const shaped = this.#value(field.type, field, ownValue(input, field.key) ?? null, parent);
    this.#path.pop();
    return shaped;
  }

  #value(type: GraphQLOutputType, field: FieldShape, input: unknown, parent: ObjectShape): Shaped {
    if (isNonNullType(type)) {
      const shaped = this.#value(type.ofType, field, input, parent);
      if (shaped.value !== null) return shaped;
      if (!shaped.explained) this.#problem('Cannot return null for non-nullable', parent, type.ofType);
      return INVALID;
    }
    if (input === null || input === undefined) return NULL;
    if (isListType(type)) return this.#list(type.ofType, field, input, parent);
    if (field.below) return this.#composite(field.below, input, parent);
    if (leafCheck(getNamedType(type))(input)) return { value: input };
    this.#problem('Invalid value found for', parent, type);
    return EXPLAINED_NULL;
  }

  #list(itemType: GraphQLOutputType, field: FieldShape, input: unknown, parent: ObjectShape): Shaped {
    if (!Array.isArray(input))
      throw new Error(`A subgraph sent no list for ${parent.type.name}.${field.name}`);
    let invalid = false;
    let explained = false;
    const value = input.map((item, index) => {
      this.#path.push(index);
      const shaped = this.#value(itemType, field, item, parent);
      this.#path.pop();
      invalid ||= shaped.invalid === true;
      explained ||= shaped.explained === true;
      return shaped.value;
    });
    return { value: invalid ? null : value, explained };
  }

  #composite(shape: CompositeShape, input: unknown, parent: ObjectShape): Shaped {
    if (!isObject(input)) throw new Error(`A subgraph sent no object for a ${shape.type.name}`);
    const name = input.__typename;
    const objectShape = typeof name === 'string' && name !== '' ? shape.of(name) : shape.ofStaticType();
    if (!objectShape) {
      this.#problem('Invalid __typename found for object at', parent, shape.type);
      return EXPLAINED_NULL;
    }
    const value = this.object(objectShape, input);
    return value ? { value } : EXPLAINED_NULL;
  }

  #problem(what: string, parent: ObjectShape, type: GraphQLOutputType): void {
    const last = this.#path.at(-1);
    const where =
      typeof last === 'number'
        ? `array element of type ${type} at index ${last}`
        : `field ${parent.type.name}.${last}`;
    this.problems.push({ message: `${what} ${where}.`, path: [...this.#path] });
  }
}

/** An object that does not say which object type it is cannot be named, so it cannot be there. */
function typeName(shape: ObjectShape): Shaped {
  return isObjectType(shape.type) ? { value: shape.type.name } : INVALID;
}
