/**
 * How the command ends. A script needs four answers: it is all there, nothing was written, it is there except for
 * rows that wait in quarantine, or nobody knows yet.
 */
export const EXIT = {
  /** Everything landed (or would, in a dry run). */
  all: 0,
  /** Nothing was written: wrong call, not reachable, not allowed, refused, failed or cancelled. */
  nothing: 1,
  /** Landed except for what is in quarantine (or would, in a dry run). */
  part: 2,
  /** The connection was lost while the job was at work: it goes on when Iroko does. */
  unknown: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something the person at the keyboard can put right. Printed without a stack. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    /** What to do about it, a line each. */
    readonly steps: string[] = [],
    /** For machines: a code of the API, or USAGE, FILE, UNREACHABLE, LOST, FAILED, CANCELLED. */
    readonly code: string = 'USAGE',
  ) {
    super(message);
    this.name = 'CommandFailure';
  }
}
