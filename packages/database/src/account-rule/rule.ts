/**
 * Every statement names the account, for every table. What holds one tenant apart from another is a condition
 * in each statement; this reads each with PostgreSQL's own parser and refuses one where it is missing. It runs
 * in tests, over every statement they execute.
 */
import { loadModule, parseSync } from 'libpg-query';
import type { Relation } from './relations';
import { relationOf } from './relations';
import { Scope } from './scope';
import { eachStatement, listOf, nodeOf, type StatementKind, type Tree, textOf } from './tree';

/** The parser is WebAssembly and loads once, before the first check. */
export const loadParser = (): Promise<void> => loadModule();

/** What is wrong with a statement; empty when it names the account everywhere. */
export function accountFaults(sql: string): string[] {
  const check = new Check();
  for (const { stmt } of (parseSync(sql) as { stmts: { stmt: unknown }[] }).stmts) {
    eachStatement(stmt, (kind, statement) => check.statement(kind, statement, undefined, new Set()));
  }
  return check.faults;
}

type Names = ReadonlySet<string>;

/** One arm of a UNION, or the whole SELECT, with the scope its columns are read in. */
interface Arm {
  readonly select: Tree;
  readonly scope: Scope;
}

class Check {
  readonly faults: string[] = [];

  statement(kind: StatementKind, statement: Tree, outer: Scope | undefined, outerNames: Names): void {
    if (kind === 'SelectStmt') {
      this.select(statement, outer, outerNames);
      return;
    }
    const names = this.withClause(statement, outer, outerNames);
    if (kind === 'InsertStmt') this.insert(statement, outer, names);
    else if (kind === 'CopyStmt') this.copy(statement, names);
    else if (kind === 'TruncateStmt') this.truncate(statement, names);
    else this.change(kind, statement, outer, names);
  }

  private select(select: Tree, outer: Scope | undefined, outerNames: Names): Arm[] {
    const names = this.withClause(select, outer, outerNames);
    if (select.op !== 'SETOP_NONE') {
      return [select.larg, select.rarg].flatMap((arm) => this.select(arm as Tree, outer, names));
    }
    const scope = new Scope(outer, names);
    scope.addFrom(select.fromClause);
    scope.addCondition(select.whereClause);
    this.close(scope);
    this.inside({ ...select, withClause: undefined }, scope);
    return [{ select, scope }];
  }

  private change(kind: StatementKind, statement: Tree, outer: Scope | undefined, names: Names): void {
    const target = relationOf(statement.relation as Tree, names);
    this.refusePersons(target);
    const scope = new Scope(outer, names);
    scope.addTable(statement.relation);
    scope.addFrom(statement.fromClause ?? statement.usingClause ?? asList(statement.sourceRelation));
    scope.addCondition(statement.whereClause ?? statement.joinCondition);
    this.close(scope);
    if (kind === 'UpdateStmt') this.refuseMove(target, statement.targetList);
    for (const clause of listOf(statement.mergeWhenClauses)) this.mergeClause(target, clause, scope);
    this.inside({ ...statement, withClause: undefined, relation: undefined }, scope);
  }

  private mergeClause(target: Relation, clause: unknown, scope: Scope): void {
    const when = nodeOf(clause, 'MergeWhenClause');
    if (when?.commandType === 'CMD_UPDATE') this.refuseMove(target, when.targetList);
    if (when?.commandType !== 'CMD_INSERT' || target.kind !== 'account') return;
    const index = columnIndex(when.targetList, target);
    if (index < 0 || !scope.isAccount(listOf(when.values)[index])) this.faultyInsert(target);
  }

  private insert(insert: Tree, outer: Scope | undefined, names: Names): void {
    const target = relationOf(insert.relation as Tree, names);
    this.refusePersons(target);
    const arms = this.insertedArms(insert, outer, names);
    if (target.kind === 'account') {
      const index = columnIndex(insert.cols, target);
      const values = arms.flatMap((arm) => valuesAt(arm, index));
      if (index < 0 || values.length === 0 || values.some(({ scope, value }) => !scope.isAccount(value))) {
        this.faultyInsert(target);
      }
      this.conflict(insert.onConflictClause, target);
    }
    const rest = { ...insert, withClause: undefined, selectStmt: undefined, relation: undefined };
    const scope = new Scope(outer, names);
    scope.addTable(insert.relation);
    this.inside(rest, scope);
  }

  private insertedArms(insert: Tree, outer: Scope | undefined, names: Names): Arm[] {
    const select = nodeOf(insert.selectStmt, 'SelectStmt');
    return select ? this.select(select, outer, names) : [];
  }

  /** An update on conflict reaches the row of another account unless the key begins with the account. */
  private conflict(clause: unknown, target: Relation): void {
    const conflict = clause as Tree | undefined;
    if (conflict?.action !== 'ONCONFLICT_UPDATE') return;
    const elements = listOf((conflict.infer as Tree | undefined)?.indexElems);
    const columns = elements.map((element) => textOf(nodeOf(element, 'IndexElem')?.name));
    if (!columns.includes(target.accountColumn)) {
      this.faults.push(
        `ON CONFLICT … DO UPDATE on ${target.name} must list ${target.accountColumn} in its key`,
      );
    }
    this.refuseMove(target, conflict.targetList);
  }

  private copy(copy: Tree, names: Names): void {
    this.inside(copy.query, new Scope(undefined, names));
    if (!copy.relation) return;
    const target = relationOf(copy.relation as Tree, names);
    this.refusePersons(target);
    if (target.kind !== 'account') return;
    if (!copy.is_from) this.faults.push(`COPY ${target.name} TO takes every account: copy a SELECT`);
    const columns = listOf(copy.attlist).map((column) => textOf(nodeOf(column, 'String')?.sval));
    if (copy.is_from && !columns.includes(target.accountColumn)) this.faultyInsert(target);
  }

  private truncate(truncate: Tree, names: Names): void {
    for (const range of listOf(truncate.relations)) {
      const relation = relationOf(nodeOf(range, 'RangeVar') ?? {}, names);
      if (relation.kind !== 'other') this.faults.push(`TRUNCATE ${relation.name} takes every account`);
    }
  }

  /** Checks the queries of WITH; answers the names visible afterwards. */
  private withClause(statement: Tree, outer: Scope | undefined, outerNames: Names): Names {
    const queries = listOf((statement.withClause as Tree | undefined)?.ctes).map(
      (query) => nodeOf(query, 'CommonTableExpr') ?? {},
    );
    if (queries.length === 0) return outerNames;
    const names = new Set([...outerNames, ...queries.map((query) => textOf(query.ctename) ?? '')]);
    for (const { ctequery } of queries) {
      eachStatement(ctequery, (kind, inner) => this.statement(kind, inner, outer, names));
    }
    return names;
  }

  private inside(value: unknown, scope: Scope): void {
    eachStatement(value, (kind, inner) => this.statement(kind, inner, scope, scope.withNames));
  }

  private close(scope: Scope): void {
    for (const { name, alias, accountColumn } of scope.unbound()) {
      this.faults.push(`${name} needs ${alias}.${accountColumn} = the account`);
    }
    const persons = scope.relations.filter(({ kind }) => kind === 'person');
    if (persons.length > 0 && !scope.readsAccountRows()) {
      this.faults.push(`${persons[0]?.name} has no account: reach it through rows of the account`);
    }
  }

  private refusePersons(target: Relation): void {
    if (target.kind === 'person') {
      this.faults.push(`${target.name} has no account: it is written through the system handle`);
    }
  }

  private refuseMove(target: Relation, assignments: unknown): void {
    if (target.kind === 'account' && columnIndex(assignments, target) >= 0) {
      this.faults.push(`${target.name}.${target.accountColumn} must not change`);
    }
  }

  private faultyInsert({ name, accountColumn }: Relation): void {
    this.faults.push(
      `a row put into ${name} needs ${accountColumn}, given as a parameter or from a bound row`,
    );
  }
}

const asList = (value: unknown) => (value === undefined ? [] : [value]);

function columnIndex(columns: unknown, target: Relation): number {
  return listOf(columns).findIndex(
    (column) => textOf(nodeOf(column, 'ResTarget')?.name) === target.accountColumn,
  );
}

function valuesAt({ select, scope }: Arm, index: number): { scope: Scope; value: unknown }[] {
  const rows = listOf(select.valuesLists).map((row) => listOf(nodeOf(row, 'List')?.items)[index]);
  if (rows.length > 0) return rows.map((value) => ({ scope, value }));
  return [{ scope, value: nodeOf(listOf(select.targetList)[index], 'ResTarget')?.val }];
}
