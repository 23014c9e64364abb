/**
 * `npm run bench -- NAME [--rows N] [--seed S] [--rounds N]`: runs one benchmark, tells how it goes on stderr,
 * and prints one line of JSON on stdout.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Benchmark, goalInWords, meetsGoal } from './benchmark';
import { Cleanup } from './cleanup';
import { BENCHMARKS } from './list';
import { rounded } from './statistics';

const OPTIONS = {
  rows: { type: 'string' },
  seed: { type: 'string' },
  rounds: { type: 'string' },
} as const;

const report = (line: string) => process.stderr.write(`• ${line}\n`);

function count(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const number = Number(text.replaceAll('_', ''));
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a whole number from 1 on.`);
  return number;
}

function choose(name: string | undefined): Benchmark {
  const benchmark = BENCHMARKS.find((candidate) => candidate.name === name);
  if (benchmark) return benchmark;
  const list = BENCHMARKS.map((one) => `  ${one.name.padEnd(20)} ${one.description}`).join('\n');
  throw new Error(`npm run bench -- NAME [--rows N] [--seed S] [--rounds N]\n\n${list}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const benchmark = choose(positionals[0]);
  const rows = count('rows', values.rows, benchmark.defaultRows);
  const seed = values.seed ?? 'iroko';
  const rounds = count('rounds', values.rounds, 5);
  const cleanup = new Cleanup();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => cleanup.run().finally(() => process.exit(130)));
  }
  // A connection that breaks between two statements reaches nobody else; what was started must still end.
  process.once('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    cleanup.run().finally(() => process.exit(1));
  });
  const started = performance.now();
  try {
    const measured = await benchmark.run({ rows, seed, rounds, cleanup, report });
    const ratio = measured.value / measured.baseline;
    const line = {
      benchmark: benchmark.name,
      value: rounded(measured.value),
      baseline: rounded(measured.baseline),
      ratio: rounded(ratio),
      unit: benchmark.unit,
      peakRssMb: measured.peakRssMb,
      goal: goalInWords(benchmark.goal),
      met: meetsGoal(benchmark.goal, ratio),
      rows,
      seed,
      runs: {
        value: measured.runs.value.map(rounded),
        baseline: measured.runs.baseline.map(rounded),
      },
      ...measured.details,
      node: process.version,
      cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      memoryGb: Math.round(totalmem() / 1024 ** 3),
      tookSeconds: Math.round((performance.now() - started) / 1000),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  } finally {
    await cleanup.run();
  }
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
