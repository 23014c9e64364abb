/** Runs one command line from beginning to exit code; everything it touches of the process is handed in. */
import { ApiError } from '@iroko/errors';
import { ApiClient, Refusal, Unreachable } from '../client/api-client';
import { JobLost } from '../client/follow-job';
import {
  HELP,
  type ImportCommand,
  type KeysCommand,
  type MailCommand,
  parseCommand,
  type VerifyLogCommand,
  wantsJson,
} from './arguments';
import { CommandFailure, EXIT, type ExitCode } from './failure';
import { cancelJob, importFile } from './import-file';
import { exitCodeOf, reportLines } from './import-report';
import { reseal, resealLines, rotateSigningKey } from './keys';
import { mailLines, readMails } from './mail';
import { type ProgressOutput, ProgressView } from './progress';
import { type Printed, runOperatorToken, runSetUp } from './set-up';
import { logLines, verifyLog } from './verify-log';

export interface Terminal {
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
  stdout: { write(text: string): unknown };
  stderr: ProgressOutput;
  /** Calls back at Ctrl-C; the answer takes the callback off again. */
  onInterrupt(stop: () => void): () => void;
}

export async function run(terminal: Terminal): Promise<ExitCode> {
  const { argv, env, stdout, stderr } = terminal;
  try {
    const operators = OPERATOR_COMMANDS[argv[0] ?? ''];
    if (operators) return print(await operators(argv.slice(1), env), stdout);
    const command = parseCommand(argv, env);
    if (command.name === 'help') {
      stdout.write(HELP);
      return EXIT.all;
    }
    if (command.name === 'verify-log') return await runVerifyLog(command, terminal);
    if (command.name === 'mail') return await runMail(command, terminal);
    if (command.name !== 'import') return await runKeys(command, terminal);
    return await runImport(command, terminal);
  } catch (error) {
    const failure = asFailure(error);
    if (wantsJson(argv)) {
      const { message, code, steps } = failure;
      stdout.write(`${JSON.stringify({ ok: false, error: { code, message, steps } })}\n`);
    } else {
      stderr.write(`${[failure.message, ...failure.steps.map((step) => `  ${step}`)].join('\n')}\n`);
    }
    return error instanceof JobLost ? EXIT.unknown : EXIT.nothing;
  }
}

/** Commands with options of their own. */
const OPERATOR_COMMANDS: Readonly<
  Record<string, (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<Printed>>
> = { setup: runSetUp, 'operator-token': runOperatorToken };

function print({ json, value, lines }: Printed, stdout: Terminal['stdout']): ExitCode {
  stdout.write(`${json ? JSON.stringify({ ok: true, ...value }) : lines.join('\n')}\n`);
  return EXIT.all;
}

async function runImport(command: ImportCommand, terminal: Terminal): Promise<ExitCode> {
  const { stdout, stderr, onInterrupt } = terminal;
  const client = new ApiClient(command.url, command.token);
  // Machines read stdout; progress for a person goes to stderr, and nowhere with --json.
  const view = new ProgressView(command.json ? { write: () => undefined } : stderr);
  let jobId: string | undefined;
  let interrupted = false;
  let cancelling: Promise<void> | undefined;
  const cancel = () => {
    if (interrupted && jobId !== undefined) cancelling ??= cancelJob(client, jobId);
  };
  const release = onInterrupt(() => {
    interrupted = true;
    cancel();
  });
  try {
    const result = await importFile(client, command, {
      onStep: (message) => view.show({ done: 0, total: null, unit: null, message }),
      onJob: (id) => {
        jobId = id;
        cancel();
      },
      onProgress: ({ progress }) => progress && view.show(progress),
    });
    view.end();
    const text = command.json
      ? JSON.stringify({ ok: true, ...result })
      : reportLines(result.report, result.quarantineUrl).join('\n');
    stdout.write(`${text}\n`);
    return exitCodeOf(result.report);
  } finally {
    view.end();
    release();
    await cancelling;
  }
}

async function runVerifyLog(
  { account, json }: VerifyLogCommand,
  { env, stdout }: Terminal,
): Promise<ExitCode> {
  const logs = await verifyLog(env, account);
  const ok = logs.every(({ broken }) => broken === null);
  stdout.write(`${json ? JSON.stringify({ ok, logs }) : logLines(logs).join('\n')}\n`);
  return ok ? EXIT.all : EXIT.nothing;
}

async function runMail(command: MailCommand, { env, stdout }: Terminal): Promise<ExitCode> {
  const mails = await readMails(env, command);
  stdout.write(`${command.json ? JSON.stringify({ ok: true, mails }) : mailLines(mails).join('\n')}\n`);
  return EXIT.all;
}

async function runKeys({ name, json }: KeysCommand, { env, stdout }: Terminal): Promise<ExitCode> {
  if (name === 'rotate-signing-key') {
    const kid = await rotateSigningKey(env);
    stdout.write(
      json ? `${JSON.stringify({ ok: true, kid })}\n` : `Access tokens are signed with ${kid} now.\n`,
    );
    return EXIT.all;
  }
  const resealed = await reseal(env);
  const ok = resealed.every(({ unopened }) => unopened.length === 0);
  stdout.write(`${json ? JSON.stringify({ ok, resealed }) : resealLines(resealed).join('\n')}\n`);
  return ok ? EXIT.all : EXIT.nothing;
}

function asFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof ApiError) return new CommandFailure(error.message, [], error.code);
  if (error instanceof JobLost) {
    const steps = [
      `It goes on when Iroko does; see what came of it: job(id: "${error.jobId}") { status result }`,
    ];
    return new CommandFailure(
      `The connection was lost while the import was at work. ${error.message}`,
      steps,
      'LOST',
    );
  }
  if (error instanceof Unreachable) {
    const steps = ['Is it running? Name another address with --url or IROKO_URL.'];
    return new CommandFailure(error.message, steps, 'UNREACHABLE');
  }
  if (error instanceof Refusal) return new CommandFailure(error.message, adviceFor(error), error.code);
  throw error;
}

function adviceFor({ code, details }: Refusal): string[] {
  if (code === 'UNAUTHENTICATED')
    return ['Check IROKO_TOKEN; docs/guides/tokens-and-notebooks.md says more.'];
  if (code === 'CONFLICT' && typeof details.jobId === 'string') return [`Job ${details.jobId}`];
  return [];
}
