/**
 * Shaping by generated functions: one for each type of object at each place of the answer, which builds the
 * object in one expression. The engine gives such objects a fixed layout, which is what makes this, and writing
 * the JSON afterwards, fast.
 *
 * It knows only answers in which everything is as the schema says. At the first thing that is not, it gives up
 * (`GivenUp`), and the exact shaping does the whole answer again.
 *
 * Only names of fields and aliases are written into the generated text. They are GraphQL names by the parser's
 * word, checked here once more, and quoted.
 */
import { type GraphQLOutputType, getNamedType, isListType, isNonNullType, isObjectType } from 'graphql';
import { type LeafCheck, leafCheck } from './leaf-values';
import { isInherited, isObject } from './merge';
import { NotSupported } from './run';
import type { CompositeShape, FieldShape, ObjectShape } from './shape';
import type { ResultObject } from './subgraph';

/** Not an Error: it is thrown often, is always caught, and nobody needs its stack. */
const GIVEN_UP = Symbol('given up');

type Shape = (input: unknown) => unknown;

/** Undefined when the answer needs the exact shaping. */
export type GeneratedShaper = (data: ResultObject) => ResultObject | undefined;

export function generateShaper(shape: CompositeShape): GeneratedShaper {
  const root = generateObject(shape.ofStaticType());
  return (data) => {
    try {
      return root(data) as ResultObject;
    } catch (error) {
      if (error === GIVEN_UP) return undefined;
      throw error;
    }
  };
}

function giveUp(): never {
  throw GIVEN_UP;
}

function generateObject(shape: ObjectShape): Shape {
  if (!isObjectType(shape.type)) return giveUp;
  const typeName = shape.type.name;
  const parts: string[] = [];
  const shapes: Shape[] = [];
  for (const field of shape.fields) {
    if (field.name === '__typename') parts.push(`${property(field.key)}: ${JSON.stringify(typeName)}`);
    else
      parts.push(
        `${property(field.key)}: shapes_${shapes.push(generateField(field)) - 1}(${read(field.key)})`,
      );
  }
  const names = shapes.map((_, index) => `shapes_${index}`);
  const make = new Function(...names, `return (input) => ({ ${parts.join(', ')} });`);
  return make(...shapes) as Shape;
}

function generateField(field: FieldShape): Shape {
  return generateValue(field.type, field);
}

function generateValue(type: GraphQLOutputType, field: FieldShape): Shape {
  if (isNonNullType(type)) {
    const inner = generateInner(type.ofType, field);
    return (input) => (input === null || input === undefined ? giveUp() : inner(input));
  }
  const inner = generateInner(type, field);
  return (input) => (input === null || input === undefined ? null : inner(input));
}

function generateInner(type: GraphQLOutputType, field: FieldShape): Shape {
  if (isListType(type)) return generateList(generateValue(type.ofType, field));
  if (field.below) return generateComposite(field.below);
  return generateLeaf(leafCheck(getNamedType(type)));
}

function generateList(item: Shape): Shape {
  return (input) => {
    if (!Array.isArray(input)) return giveUp();
    const output = new Array<unknown>(input.length);
    for (let index = 0; index < input.length; index++) output[index] = item(input[index]);
    return output;
  };
}

function generateLeaf(isValid: LeafCheck): Shape {
  return (input) => (isValid(input) ? input : giveUp());
}

function generateComposite(shape: CompositeShape): Shape {
  if (isObjectType(shape.type)) return generateStatic(shape);
  const byType = new Map<unknown, Shape>();
  return (input) => {
    if (!isObject(input)) return giveUp();
    const name = input.__typename;
    let generated = byType.get(name);
    if (!generated) {
      const objectShape = typeof name === 'string' ? shape.of(name) : undefined;
      // Only types of the schema are kept, so this map cannot grow beyond them.
      if (!objectShape) return giveUp();
      generated = generateObject(objectShape);
      byType.set(name, generated);
    }
    return generated(input);
  };
}

function generateStatic(shape: CompositeShape): Shape {
  const typeName = shape.type.name;
  const generated = generateObject(shape.ofStaticType());
  return (input) => {
    if (!isObject(input)) return giveUp();
    const given = input.__typename;
    return given === undefined || given === typeName ? generated(input) : giveUp();
  };
}

function checkedName(key: string): string {
  if (!/^[_A-Za-z][_0-9A-Za-z]*$/.test(key)) throw new NotSupported(`the name ${key}`);
  return JSON.stringify(key);
}

/** `{ "__proto__": x }` would set the prototype; a computed key is a property like any other. */
function property(key: string): string {
  return isInherited(key) ? `[${checkedName(key)}]` : checkedName(key);
}

function read(key: string): string {
  const name = checkedName(key);
  return isInherited(key) ? `(Object.hasOwn(input, ${name}) ? input[${name}] : undefined)` : `input[${name}]`;
}
