/** Runs another program and keeps what it printed, for the case that it fails. */
import { spawn } from 'node:child_process';
import { root } from './checkout.mjs';
import { Fault } from './fault.mjs';

const outputCharsMax = 1_000_000;

/**
 * @param {string[]} command program and arguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onStdout?: (text: string) => void, onStderr?: (text: string) => void }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run([program, ...args], { cwd = root, env = {}, onStdout, onStderr } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...quietEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (text) => {
      output = (output + text).slice(-outputCharsMax);
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      keep(text);
      onStdout?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      keep(text);
      onStderr?.(text);
    });
    child.once('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}` }));
    child.once('close', (code, signal) => resolve({ code: code ?? (signal ? 130 : 1), output }));
  });
}

/** Like `run`, but throws with the end of the output when the program fails. */
export async function runOrFail(command, { failure, steps, ...options }) {
  const { code, output } = await run(command, options);
  if (code !== 0)
    throw new Fault(`${failure}\n\n${output.trimEnd().split('\n').slice(-40).join('\n')}\n`, steps);
  return output;
}

/** The package manager, in the one version the lock file was written with, without installing it anywhere. */
export const pnpm = ['npx', '-y', 'pnpm@10.34.8'];

/** Nothing we run reports home, asks questions or leaves development packages out. */
function quietEnvironment() {
  const { NODE_ENV: _, ...environment } = process.env;
  return {
    ...environment,
    CI: 'true',
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    APOLLO_TELEMETRY_DISABLED: '1',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
    NPM_CONFIG_LOGLEVEL: 'error',
  };
}
