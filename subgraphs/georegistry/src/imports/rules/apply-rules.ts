/**
 * The account's own rules over the tree of an import. What breaks them goes to quarantine; rows whose type may not
 * stand where it does are taken and listed instead, where the account chose so.
 */
import type { AccountTransaction } from '@iroko/database';
import type { ImportMapping } from '../mapping';
import type { Scope } from '../matching/existing.sql';
import {
  createTypeViolations,
  flaggedViolations,
  pruneTree,
  quarantineExclusiveGroups,
  quarantineForeignTypes,
  quarantineTypeViolations,
  rulesOf,
} from './rules.sql';

const REPORTED_MAX = 1000;

/** Rows that landed although a rule does not allow them. */
export interface FlaggedRows {
  count: number;
  /** The first 1,000. */
  rows: { line: number; layer: string | null; message: string }[];
}

export class ImportRules {
  private flagged: FlaggedRows = { count: 0, rows: [] };

  constructor(
    private readonly tx: AccountTransaction,
    private readonly scope: Scope,
    private readonly mapping: ImportMapping,
  ) {}

  /** Sends rows of the tree to quarantine; answers how many. Called until none goes. */
  async refuse(): Promise<number> {
    const { tx, scope, mapping } = this;
    const rules = await rulesOf(tx, scope);
    let refused = 0;
    if (rules.groups && mapping.groups !== undefined) {
      refused += await quarantineExclusiveGroups(tx, scope, mapping);
    }
    if (rules.creators) refused += await quarantineForeignTypes(tx, mapping);
    if (refused > 0) return refused;
    if (!rules.types) return 0;
    const count = await createTypeViolations(tx, mapping);
    if (count === 0) return 0;
    if (rules.onViolation === 'REFUSE') return quarantineTypeViolations(tx, mapping);
    this.flagged = { count, rows: await flaggedViolations(tx, REPORTED_MAX) };
    return 0;
  }

  /** Takes out ancestors that only refused rows named. */
  prune(): Promise<void> {
    return pruneTree(this.tx);
  }

  get violations(): FlaggedRows {
    return this.flagged;
  }
}
