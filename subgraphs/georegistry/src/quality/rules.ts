/** The rules by which a version is checked, how heavy each is where an account says nothing, and what it means. */

export const QUALITY_RULES = {
  POINT_OUTSIDE_PARENT: ['ERROR', "Its location lies outside of its parent's shape."],
  COORDINATES_SWAPPED: [
    'ERROR',
    "Its location lies in its parent's shape once longitude and latitude are exchanged.",
  ],
  COORDINATES_ZERO: [
    'WARNING',
    'Its longitude and latitude are both exactly 0, which often means that nobody knew them.',
  ],
  OVERLAPPING_SIBLINGS: [
    'WARNING',
    'Its shape and that of another unit below the same parent, open at the same time, have an area in common: a hectare or more that is no sliver along their border.',
  ],
  GAP_BETWEEN_SIBLINGS: [
    'WARNING',
    'The shapes of its children leave a part of its own uncovered or enclose a hole: a hectare or more that is no sliver along a border. A hole among roots is told of the root that it lies closest to.',
  ],
  INVALID_SHAPE: [
    'WARNING',
    'Its shape is not valid by the OGC rules for simple features, or could not be compared with its neighbours.',
  ],
  MISSING_GEOMETRY: ['WARNING', 'It has neither a location nor a shape.'],
  DUPLICATE_NAME: [
    'WARNING',
    'Another unit below the same parent bears its name, apart from accents and capitals.',
  ],
  DUPLICATE_CODE: ['ERROR', 'Another unit of the version has its code.'],
  OPEN_BELOW_CLOSED: ['ERROR', 'It is open while its parent is closed, or closes later.'],
  TYPE_NOT_ALLOWED: ['ERROR', 'Its type may not stand below the type of its parent.'],
  NAME_IN_CAPITALS: ['INFO', 'Its name is written in capitals alone.'],
  SUSPICIOUS_CHARACTERS: [
    'WARNING',
    'Its name holds control characters, invisible ones, or the marks of a wrong encoding.',
  ],
} as const satisfies Record<string, readonly [Severity, string]>;

export type Severity = 'ERROR' | 'WARNING' | 'INFO' | 'OFF';
export type QualityRule = keyof typeof QUALITY_RULES;

export const RULE_NAMES = Object.keys(QUALITY_RULES) as QualityRule[];

export type RuleSet = Readonly<Record<QualityRule, Severity>>;

/** The account's choices over the usual weights; names of rules from another release count for nothing. */
export function ruleSet(choices: readonly { rule: string; severity: Severity }[]): RuleSet {
  const chosen = new Map(choices.map(({ rule, severity }) => [rule, severity]));
  return Object.fromEntries(
    RULE_NAMES.map((rule) => [rule, chosen.get(rule) ?? QUALITY_RULES[rule][0]]),
  ) as RuleSet;
}

/** Units without an error, in whole per cent, rounded down: 100 is said of a version without any. */
export function scoreOf(units: number, faulty: number): number {
  return units === 0 ? 100 : Math.floor(((units - faulty) / units) * 100);
}
