/** Something whoever runs the command can put right; it is printed without a stack. */
export class Fault extends Error {
  constructor(message, steps = []) {
    super([message, ...steps.map((step) => `  - ${step}`)].join('\n'));
  }
}

/** Prints what ended the command and sets the exit code. */
export function reportFault(error) {
  console.error(error instanceof Fault ? `\n${error.message}` : error);
  process.exitCode = 1;
}
