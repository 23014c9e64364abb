/**
 * The relations of one SELECT, UPDATE or DELETE, and which of them are bound to the account: by an equality with
 * a parameter, or with the account of a relation that is bound itself.
 */
import { aliasOf, derivedRelation, type Relation, relationOf } from './relations';
import { columnPath, listOf, nodeOf, type Tree, textOf, withoutCasts } from './tree';

/** A parameter, or the account of a relation outside this scope, which is checked there. */
const given = Symbol('given');
type Term = Relation | typeof given | undefined;

interface Condition {
  readonly expression: unknown;
  /** Relations whose rows the condition can take away; of an outer join only one side. */
  readonly filters: readonly Relation[];
}

export class Scope {
  readonly relations: Relation[] = [];
  private readonly conditions: Condition[] = [];
  /** From a bound relation (or `given`) follows that the second is bound. */
  private readonly implications: [Term, Relation][] = [];
  private merged: Relation[] = [];

  constructor(
    private readonly outer: Scope | undefined,
    readonly withNames: ReadonlySet<string>,
  ) {}

  addTable(range: unknown): void {
    this.relations.push(relationOf(range as Tree, this.withNames));
  }

  addFrom(items: unknown): void {
    for (const item of listOf(items)) this.addItem(item);
  }

  addCondition(expression: unknown): void {
    this.conditions.push({ expression, filters: this.relations });
  }

  /** Relations of accounts that no condition binds. */
  unbound(): Relation[] {
    const bound = this.boundRelations();
    return this.relations.filter((relation) => relation.kind === 'account' && !bound.has(relation));
  }

  /** Whether an expression is surely the account's id. */
  isAccount(expression: unknown): boolean {
    const term = this.termOf(expression);
    return term === given || (term !== undefined && this.boundRelations().has(term));
  }

  /** Whether this scope or one around it reads rows of an account. */
  readsAccountRows(): boolean {
    const own = this.relations.some(({ kind }) => kind === 'account' || kind === 'derived');
    return own || (this.outer?.readsAccountRows() ?? false);
  }

  private addItem(item: unknown): Relation[] {
    const join = nodeOf(item, 'JoinExpr');
    if (join) return this.addJoin(join);
    const sample = nodeOf(item, 'RangeTableSample');
    if (sample) return this.addItem(sample.relation);
    const relation = this.itemRelation(item);
    this.relations.push(relation);
    return [relation];
  }

  private itemRelation(item: unknown): Relation {
    const range = nodeOf(item, 'RangeVar');
    if (range) return relationOf(range, this.withNames);
    const subselect = nodeOf(item, 'RangeSubselect');
    if (subselect) return derivedRelation(aliasOf(subselect) ?? '', 'derived');
    const [content] = Object.values(item as Tree);
    return derivedRelation(aliasOf(content as Tree) ?? '', 'other');
  }

  private addJoin(join: Tree): Relation[] {
    const left = this.addItem(join.larg);
    const right = this.addItem(join.rarg);
    const filters = filteredBy(textOf(join.jointype), left, right);
    if (join.quals) this.conditions.push({ expression: join.quals, filters });
    const using = listOf(join.usingClause).map((name) => textOf(nodeOf(name, 'String')?.sval));
    if (using.includes('account_id')) {
      for (const a of left) for (const b of right) this.imply(a, b, filters);
      this.merged = [...new Set([...this.merged, ...left, ...right])];
    }
    return [...left, ...right];
  }

  private boundRelations(): Set<Relation> {
    for (const { expression, filters } of this.conditions.splice(0)) this.learn(expression, filters);
    const bound = new Set(this.relations.filter(({ kind }) => kind === 'derived'));
    for (let before = -1; before < bound.size; ) {
      before = bound.size;
      for (const [from, to] of this.implications) {
        if (from === given || (from && bound.has(from))) bound.add(to);
      }
    }
    return bound;
  }

  /** Takes the equalities out of a condition; only what AND joins surely holds. */
  private learn(expression: unknown, filters: readonly Relation[]): void {
    const all = nodeOf(expression, 'BoolExpr');
    if (all?.boolop === 'AND_EXPR') for (const part of listOf(all.args)) this.learn(part, filters);
    const comparison = nodeOf(expression, 'A_Expr');
    if (comparison && isEquality(comparison)) this.learnEquality(comparison, filters);
    const membership = nodeOf(expression, 'SubLink');
    if (membership?.subLinkType === 'ANY_SUBLINK') this.learnMembership(membership, filters);
  }

  private learnEquality({ lexpr, rexpr }: Tree, filters: readonly Relation[]): void {
    const [left, right] = [membersOf(lexpr), membersOf(rexpr)];
    if (left.length !== right.length) return;
    left.forEach((member, index) => {
      this.imply(this.termOf(member), this.termOf(right[index]), filters);
    });
  }

  /** `(account_id, id) IN (SELECT account_id, …)`: the subquery is checked by itself. */
  private learnMembership({ testexpr, subselect }: Tree, filters: readonly Relation[]): void {
    const columns = listOf(nodeOf(subselect, 'SelectStmt')?.targetList);
    membersOf(testexpr).forEach((member, index) => {
      const path = columnPath(nodeOf(columns[index], 'ResTarget')?.val);
      if (path?.at(-1) === 'account_id') this.imply(given, this.termOf(member), filters);
    });
  }

  private imply(a: Term, b: Term, filters: readonly Relation[]): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as [Term, Term][]) {
      if (from && to && to !== given && filters.includes(to)) this.implications.push([from, to]);
    }
  }

  private termOf(expression: unknown): Term {
    const bare = withoutCasts(expression);
    if (nodeOf(bare, 'ParamRef')) return given;
    const path = columnPath(bare);
    if (!path) return undefined;
    return path.length === 1 ? this.unqualified(path[0]) : this.qualified(path.slice(-2));
  }

  private qualified([alias, column]: string[]): Term {
    const relation = this.relations.find((candidate) => candidate.alias === alias);
    if (relation) return relation.accountColumn === column ? relation : undefined;
    return this.outer?.qualified([alias ?? '', column ?? '']) ? given : undefined;
  }

  private unqualified(column: string | undefined): Term {
    const candidates = this.relations.filter(
      ({ kind, accountColumn }) => kind !== 'person' && accountColumn === column,
    );
    if (candidates.length === 1) return candidates[0];
    return this.merged.find(({ accountColumn }) => accountColumn === column);
  }
}

function filteredBy(joinType: string | undefined, left: Relation[], right: Relation[]): Relation[] {
  if (joinType === 'JOIN_INNER') return [...left, ...right];
  if (joinType === 'JOIN_LEFT') return right;
  return joinType === 'JOIN_RIGHT' ? left : [];
}

function isEquality({ kind, name }: Tree): boolean {
  return kind === 'AEXPR_OP' && textOf(nodeOf(listOf(name)[0], 'String')?.sval) === '=';
}

function membersOf(expression: unknown): unknown[] {
  const row = nodeOf(expression, 'RowExpr');
  return row ? listOf(row.args) : [expression];
}
