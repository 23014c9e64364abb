/**
 * The line between a process of the stack and whoever started it. `npm start` is told how far we are and where
 * we can be reached, and tells us to stop; when it is gone, however it ended, we stop too.
 */

/** What a person needs once the stack serves. */
export interface ReadyNotice {
  /** The address of the door, for instance `http://127.0.0.1:4000/`. */
  readonly url: string;
  /** The demo user's sign-in, where there is a demo account. */
  readonly demo?: { readonly email: string; readonly password: string };
  /** A GraphQL query to paste. */
  readonly query?: string;
}

/** Says what is being done now, in a few words. */
export function tellProgress(progress: string): void {
  if (process.send && process.connected) process.send({ progress });
}

/** Says that requests are answered. */
export function tellReady(ready: ReadyNotice): void {
  if (process.send && process.connected) process.send({ ready });
}

/**
 * Calls `stop` once: on SIGINT or SIGTERM, when the starter asks, or when it is gone. Then the process ends, with
 * an error when `stop` fails.
 */
export function onStop(stop: () => Promise<void>): void {
  let stopping = false;
  const once = () => {
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', once);
  process.on('SIGTERM', once);
  process.on('disconnect', once);
  process.on('message', (message) => {
    if ((message as { stop?: boolean }).stop) once();
  });
}
