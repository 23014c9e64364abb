/** Units by their extra attributes, as a person asks for them. */
import { badInput } from '@iroko/errors';
import { Field, Float, InputType } from 'type-graphql';

@InputType({
  description:
    'Units by one extra attribute. All that is given must hold; with the key alone, the unit has the attribute.',
})
export class OrgUnitAttributeFilter {
  @Field({ description: 'The key of the attribute, exactly; 1 to 255 characters.' })
  key!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description:
      'Whether the unit has the attribute, with a value: false keeps the units without it, and takes no other condition.',
  })
  has!: boolean;

  @Field(() => [String], { nullable: true, description: 'One of these values, exactly; at most 100.' })
  values?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text within the value; accents and the capitals of Latin letters are ignored.',
  })
  contains?: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'A value that is a number, written with a decimal point, and no less than this. Other values are left out.',
  })
  atLeast?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'A value that is a number, written with a decimal point, and no more than this. Other values are left out.',
  })
  atMost?: number | null;
}

const CONDITIONS_MAX = 20;
const VALUES_MAX = 100;
const TEXT_LENGTH_MAX = 255;

/** Throws BAD_USER_INPUT for conditions that cannot be meant. */
export function checkAttributes(
  conditions: readonly OrgUnitAttributeFilter[],
  path: readonly string[],
): void {
  if (conditions.length > CONDITIONS_MAX) {
    throw badInput(`attributes has ${conditions.length} conditions; at most ${CONDITIONS_MAX} are taken.`, {
      path: [...path],
    });
  }
  for (const [index, condition] of conditions.entries()) {
    const problem = problemOf(condition);
    if (problem) throw badInput(problem, { path: [...path, String(index)] });
  }
}

function problemOf({ key, has, values, contains, atLeast, atMost }: OrgUnitAttributeFilter) {
  if (key === '' || key.length > TEXT_LENGTH_MAX) {
    return `The key of an attribute has 1 to ${TEXT_LENGTH_MAX} characters; this one has ${key.length}.`;
  }
  if (!has && [values, contains, atLeast, atMost].some((given) => given != null)) {
    return `A unit without the attribute ${JSON.stringify(key)} has no value of it: leave out the other conditions, or has.`;
  }
  if ((values?.length ?? 0) > VALUES_MAX) {
    return `values has ${values?.length} values; at most ${VALUES_MAX} are taken.`;
  }
  if ((contains?.length ?? 0) > TEXT_LENGTH_MAX) {
    return `contains has ${contains?.length} characters; at most ${TEXT_LENGTH_MAX} are looked for.`;
  }
  if (atLeast != null && atMost != null && atMost < atLeast) {
    return `atMost is ${atMost}, less than atLeast, ${atLeast}.`;
  }
  return undefined;
}
