/**
 * A job by name: its input, its rules and its handler. Definitions are plain values; a worker is given those it
 * shall run, each with the services its handler needs.
 */
import type { AccountDatabase, AccountTransaction, Database, SystemDatabase } from '@iroko/database';
import type { Logger } from '@iroko/telemetry';
import type { Permission, Viewer } from '@iroko/viewer';
import type { z } from 'zod';

export type JobLogLevel = 'INFO' | 'WARNING' | 'ERROR';

/** One attempt at a job, as its handler sees it. */
export interface RunningJob {
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Whoever asked for the job, with the rights of this moment. */
  readonly viewer: Viewer;
  /** The account handle; what it writes names this job as its actor. Results are written through `commit`. */
  readonly db: AccountDatabase;
  /** Aborted within a second of a cancellation, when the lease is lost, and when the worker has to stop. */
  readonly signal: AbortSignal;
  /** For operators; what the person shall read goes to `log`. */
  readonly logger: Logger;
  /**
   * Says how far the work is. Written at most twice a second and outside the handler's transactions, so call it as
   * often as you like. `total` is null while unknown; `unit` is a word such as `rows`.
   */
  progress(done: number, total: number | null, unit: string, message?: string): Promise<void>;
  /** Adds a line to the job's log, outside the handler's transactions. */
  log(level: JobLogLevel, message: string): Promise<void>;
  /** Throws when the job was cancelled or its lease is lost; for loops that await nothing else. */
  throwIfStopped(): void;
  /**
   * A transaction that commits only while this attempt holds the lease: nobody can take it meanwhile. Throws and
   * rolls back when the lease is lost or the job was cancelled.
   */
  commit<Result>(work: (tx: AccountTransaction) => Promise<Result>): Promise<Result>;
  /**
   * Like `commit`, and ends the job as SUCCEEDED with what the work returns, in the same transaction. The handler
   * returns that value afterwards. For work that must not happen twice when the worker dies right after it.
   */
  complete<Result>(work: (tx: AccountTransaction) => Promise<Result>): Promise<Result>;
}

export interface JobSchedule {
  /** At most once in so many hours for one account. */
  readonly everyHours: number;
  /** The accounts for which there is something to do now. */
  accounts(system: SystemDatabase): Promise<string[]>;
}

export interface JobDefinition<Input = unknown, Result = unknown, Services = unknown> {
  /** `<owner>.<what>`, such as `georegistry.import`. Stays for ever: rows carry it. */
  readonly name: string;
  /** Checked when enqueued and again when run, since a release may lie between. Never holds a secret. */
  readonly input: z.ZodType<Input>;
  /** Refuses to run when whoever asked no longer has it. */
  readonly permission?: Permission;
  /** Of the jobs of an account with one key at most one runs; others wait, the oldest first. */
  oneAtATimeBy?(input: Input): string;
  /** Further attempts after one that failed or whose worker died. 3 without it. */
  readonly retries?: number;
  /** Enqueued by itself, with the input `{}` and on nobody's behalf. */
  readonly schedule?: JobSchedule;
  /** Returns the result: JSON for the person who asked, never secrets. Must bear being run again. */
  handler(job: RunningJob, input: Input, services: Services): Promise<Result>;
}

export const DEFAULT_RETRIES = 3;

const NAME = /^[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9-]*$/;

/** Whoever owns the job; its jobs travel through a queue of that name, so that processes can share the work. */
export function ownerOf(jobName: string): string {
  return jobName.split('.', 1)[0] ?? jobName;
}

export function defineJob<Input, Result, Services = unknown>(
  definition: JobDefinition<Input, Result, Services>,
): JobDefinition<Input, Result, Services> {
  if (!NAME.test(definition.name)) throw new Error(`A job is named owner.what, not ${definition.name}.`);
  return definition;
}

/** A definition with the services its handler is called with. */
export interface BoundJob {
  readonly definition: JobDefinition;
  readonly services: unknown;
  /** The owner's connections, which may write its schema; the worker's without it. */
  readonly database: Database | undefined;
}

export function bindJobs<Services>(
  services: Services,
  definitions: readonly JobDefinition<unknown, unknown, Services>[],
  database?: Database,
): BoundJob[] {
  return definitions.map((definition) => ({ definition: definition as JobDefinition, services, database }));
}
