/** Something whoever runs the command can put right; it is printed without a stack. */
export class Fault extends Error {
  constructor(message, steps = []) {
    super([message, ...steps.map((step) => `  - ${step}`)].join('\n'));
  }
}

// What the built code throws for the same purpose.
const namesOfFaults = ['OperatorError', 'SettingsError'];

/** Prints what ended the command and sets the exit code. */
export function reportFault(error) {
  const known = error instanceof Fault || namesOfFaults.includes(error?.name);
  console.error(known ? `\n${error.message}` : error);
  process.exitCode = 1;
}
