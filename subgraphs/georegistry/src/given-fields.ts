/**
 * A partial input says what to change. GraphQL lets a client send null for anything optional; where null has no
 * meaning of its own it counts as left out, so that no field is emptied by accident.
 */

/** The input without the nulls, except of fields where null takes something away. */
export function givenFields<Input extends object, Nullable extends keyof Input & string>(
  input: Input,
  nullable: readonly Nullable[],
): { [Field in keyof Input]: Field extends Nullable ? Input[Field] : Exclude<Input[Field], null> } {
  const kept = Object.entries(input).filter(
    ([field, value]) => value !== undefined && (value !== null || nullable.includes(field as Nullable)),
  );
  return Object.fromEntries(kept) as never;
}
