/** Makes every account handle of this process refuse statements that do not name the account; for tests. */
import { observeAccountStatements } from '../database';
import { accountFaults, loadParser } from './rule';

const checked = new Set<string>();

/** @throws from each query whose statement breaks the rule, before it runs */
export async function enforceAccountRule(): Promise<void> {
  await loadParser();
  observeAccountStatements(demandAccount);
}

/** Each distinct text is parsed once. */
export function demandAccount(sql: string): void {
  if (checked.has(sql)) return;
  const faults = accountFaults(sql);
  if (faults.length > 0) {
    throw new Error(`The statement does not name the account:\n  ${faults.join('\n  ')}\n${sql}`);
  }
  checked.add(sql);
}
