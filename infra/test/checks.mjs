/** What is checked about the code without running it. */
import { join } from 'node:path';
import { root } from '../setup/checkout.mjs';
import { run } from '../setup/command.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);

const checks = [
  { name: 'formatting and lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: [bin('tsc'), '--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'who may import whom',
    command: [
      bin('depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      'gateway',
      'subgraphs',
      'packages',
      'infra',
    ],
  },
];

/** @returns {Promise<{ name: string, passed: number, failed: number, output: string }[]>} */
export async function runChecks() {
  const results = [];
  for (const { name, command } of checks) {
    const { code, output } = await run(command);
    results.push({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output });
    process.stderr.write(`${code === 0 ? '✓' : '✗'} ${name}\n`);
  }
  return results;
}
