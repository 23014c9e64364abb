/**
 * SQL text and its values, kept apart. Values never enter the text, so no input can become SQL; statements nest,
 * so a filter can be built from parts.
 */

export class Statement {
  constructor(
    readonly parts: readonly string[],
    readonly values: readonly unknown[],
    /** Whether each connection keeps it prepared, so that only its first run is parsed and planned. */
    readonly kept = false,
  ) {}

  /** The text with `$1`, `$2`, … for its values, as PostgreSQL takes it. */
  get text(): string {
    let text = this.parts[0] ?? '';
    for (let index = 1; index < this.parts.length; index++) text += `$${index}${this.parts[index]}`;
    return text;
  }
}

/** Builds statements; reached only through an account handle (or the system handle). */
export interface SqlTag {
  (strings: TemplateStringsArray, ...values: unknown[]): Statement;
  /**
   * A statement that connections keep prepared: for the few that run all the time and whose text is always the same.
   * Its plan comes to hold for all values, so it is none for statements whose best plan depends on them.
   */
  kept(strings: TemplateStringsArray, ...values: unknown[]): Statement;
  /** The statement that was built of parts, kept prepared likewise: for parts that make few texts. */
  keep(statement: Statement): Statement;
  /** Constant SQL written by us, such as a sort direction. Never pass input. */
  raw(text: string): Statement;
  /** Joins statements by a constant separator; an empty list gives `whenEmpty`. */
  join(parts: readonly Statement[], separator: string, whenEmpty?: string): Statement;
}

export function createSqlTag(): SqlTag {
  const tag = (strings: TemplateStringsArray, ...values: unknown[]): Statement => compose(strings, values);
  return Object.assign(tag, {
    kept: (strings: TemplateStringsArray, ...values: unknown[]) => keep(compose(strings, values)),
    keep,
    raw: (text: string) => new Statement([text], []),
    join: (parts: readonly Statement[], separator: string, whenEmpty = '') =>
      parts.length === 0 ? new Statement([whenEmpty], []) : joined(parts, separator),
  });
}

const keep = ({ parts, values }: Statement) => new Statement(parts, values, true);

function compose(strings: readonly string[], values: readonly unknown[]): Statement {
  const parts = [strings[0] ?? ''];
  const flat: unknown[] = [];
  values.forEach((value, index) => {
    const following = strings[index + 1] ?? '';
    if (value instanceof Statement) {
      parts[parts.length - 1] += value.parts[0] ?? '';
      parts.push(...value.parts.slice(1));
      flat.push(...value.values);
      parts[parts.length - 1] += following;
    } else {
      flat.push(checked(value));
      parts.push(following);
    }
  });
  return new Statement(parts, flat);
}

function joined(parts: readonly Statement[], separator: string): Statement {
  const strings = ['', ...parts.slice(1).map(() => separator), ''];
  return compose(strings, parts);
}

function checked(value: unknown): unknown {
  if (value === undefined)
    throw new TypeError('A value of a statement is undefined; say null when you mean null.');
  return value;
}
