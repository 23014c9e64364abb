/**
 * A fault that only the person who runs Iroko can end: a folder that cannot be written, a port that is
 * taken, a database of another version. The message says what and where, the steps say what to do.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';

  /** @param steps the ways out, each a sentence that can be followed as it stands */
  constructor(
    readonly fault: string,
    readonly steps: readonly string[],
  ) {
    super([fault, ...steps.map((step) => `  - ${step}`)].join('\n'));
  }
}
