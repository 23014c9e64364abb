import { accountFaults, loadParser } from './rule';

beforeAll(loadParser);

describe('a statement passes when every table is bound to the account', () => {
  it.each([
    'SELECT u.id FROM georegistry.org_unit u WHERE u.account_id = $1 AND u.id = $2',
    'SELECT id FROM georegistry.org_unit WHERE account_id = $1::uuid',
    'SELECT 1 FROM georegistry.org_unit u WHERE (u.account_id, u.id) = ($1, $2)',
    'SELECT 1 FROM georegistry.org_unit u JOIN georegistry.link l ON l.account_id = u.account_id AND l.a = u.id WHERE u.account_id = $1',
    'SELECT 1 FROM georegistry.org_unit u JOIN georegistry.link l USING (account_id, id) WHERE account_id = $1',
    'SELECT 1 FROM georegistry.org_unit u LEFT JOIN georegistry.link l ON l.account_id = u.account_id WHERE u.account_id = $1',
    'SELECT 1 FROM a.t, georegistry.org_unit u WHERE $1 = u.account_id',
    'SELECT 1 FROM georegistry.org_unit u WHERE u.account_id = $1 AND EXISTS (SELECT 1 FROM georegistry.link l WHERE l.account_id = u.account_id)',
    'SELECT 1 FROM georegistry.org_unit u WHERE u.account_id = $1 AND (u.account_id, u.id) IN (SELECT l.account_id, l.a FROM georegistry.link l WHERE l.account_id = $1)',
    'WITH chosen AS (SELECT account_id, id FROM georegistry.org_unit WHERE account_id = $1) SELECT 1 FROM chosen c JOIN georegistry.link l ON l.account_id = c.account_id',
    'WITH RECURSIVE below AS (SELECT u.id FROM georegistry.org_unit u WHERE u.account_id = $1 UNION ALL SELECT c.id FROM below b JOIN georegistry.org_unit c ON c.account_id = $1 AND c.parent_id = b.id) SELECT id FROM below',
    'SELECT x.n FROM georegistry.org_unit u CROSS JOIN LATERAL (SELECT count(*) AS n FROM georegistry.link l WHERE l.account_id = u.account_id) x WHERE u.account_id = $1',
    'SELECT 1 FROM staging s JOIN georegistry.org_unit u ON u.account_id = $1 AND u.reference = s.reference',
    'SELECT a.name FROM identity.account a WHERE a.id = $1',
    'SELECT p.email FROM identity.membership m JOIN identity."user" p ON p.id = m.user_id WHERE m.account_id = $1',
    'INSERT INTO platform.file (account_id, id) VALUES ($1, $2), ($1, $3)',
    'INSERT INTO platform.file (account_id, id) SELECT $1::uuid, f.id FROM unnest($2::uuid[]) AS f (id)',
    'INSERT INTO platform.file (id, account_id) SELECT u.id, u.account_id FROM georegistry.org_unit u WHERE u.account_id = $1',
    'INSERT INTO platform.file (account_id, id) VALUES ($1, $2) ON CONFLICT (account_id, id) DO UPDATE SET name = EXCLUDED.name',
    'INSERT INTO platform.file (account_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    'UPDATE platform.file f SET name = s.name FROM staging s WHERE f.account_id = $1 AND f.id = s.id',
    'DELETE FROM platform.file f USING platform.job j WHERE f.account_id = $1 AND j.account_id = f.account_id',
    'MERGE INTO platform.file f USING staging s ON f.account_id = $1 AND f.id = s.id WHEN NOT MATCHED THEN INSERT (account_id, id) VALUES ($1, s.id)',
    'WITH gone AS (DELETE FROM platform.file f WHERE f.account_id = $1 RETURNING f.account_id, f.id) INSERT INTO platform.job (account_id, id) SELECT g.account_id, g.id FROM gone g',
    'COPY platform.file (account_id, id) FROM STDIN',
    'COPY (SELECT f.id FROM platform.file f WHERE f.account_id = $1) TO STDOUT',
    'CREATE TEMPORARY TABLE staging (id uuid) ON COMMIT DROP',
    'COPY staging (id) FROM STDIN',
    'TRUNCATE staging',
    'SELECT pg_advisory_xact_lock($1)',
  ])('%s', (sql) => {
    expect(accountFaults(sql)).toEqual([]);
  });
});

describe('a statement is refused', () => {
  it.each([
    ['without a condition', 'SELECT id FROM platform.file', 'platform.file needs file.account_id'],
    ['with another condition', 'SELECT id FROM platform.file WHERE id = $1', 'platform.file needs'],
    [
      'when an OR goes round it',
      'SELECT 1 FROM platform.file WHERE account_id = $1 OR id = $2',
      'platform.file needs',
    ],
    ['when it says NOT', 'SELECT 1 FROM platform.file WHERE NOT account_id = $1', 'platform.file needs'],
    [
      'when it compares otherwise',
      'SELECT 1 FROM platform.file WHERE account_id <> $1',
      'platform.file needs',
    ],
    [
      'when the joined table is not bound',
      'SELECT 1 FROM platform.file f JOIN platform.job j ON j.id = f.job_id WHERE f.account_id = $1',
      'platform.job needs j.account_id',
    ],
    [
      'when both are bound only to each other',
      'SELECT 1 FROM platform.file f JOIN platform.job j ON j.account_id = f.account_id',
      'platform.file needs',
    ],
    [
      'when an outer join does not filter',
      'SELECT 1 FROM platform.file f LEFT JOIN platform.job j ON f.account_id = $1 AND j.account_id = $1',
      'platform.file needs',
    ],
    [
      'when a full join does not filter',
      'SELECT 1 FROM platform.file f FULL JOIN platform.job j ON f.account_id = $1 AND j.account_id = $1',
      'platform.job needs',
    ],
    [
      'when a subquery is not bound',
      'SELECT (SELECT count(*) FROM platform.job) FROM platform.file f WHERE f.account_id = $1',
      'platform.job needs',
    ],
    [
      'when EXISTS is not bound',
      'SELECT 1 FROM platform.file f WHERE f.account_id = $1 AND EXISTS (SELECT 1 FROM platform.job j WHERE j.id = f.id)',
      'platform.job needs',
    ],
    [
      'when one arm of a UNION is not bound',
      'SELECT id FROM platform.file WHERE account_id = $1 UNION SELECT id FROM platform.job',
      'platform.job needs',
    ],
    [
      'when a WITH query is not bound',
      'WITH a AS (SELECT id FROM platform.job) SELECT 1 FROM a',
      'platform.job needs',
    ],
    [
      'when the account comes from a temporary table',
      'SELECT 1 FROM platform.file f JOIN staging s ON s.account_id = f.account_id',
      'platform.file needs',
    ],
    [
      'when the account is compared with a constant',
      "SELECT 1 FROM platform.file WHERE account_id = '00000000-0000-0000-0000-000000000000'",
      'platform.file needs',
    ],
    [
      'when the account is compared with a list',
      'SELECT 1 FROM platform.file WHERE account_id = ANY ($1)',
      'platform.file needs',
    ],
    [
      'when another account row could be read',
      'SELECT name FROM identity.account WHERE slug = $1',
      'identity.account needs account.id',
    ],
    [
      'when persons are read by themselves',
      'SELECT email FROM identity."user" WHERE id = $1',
      'identity.user has no account',
    ],
    ['when persons are written', 'UPDATE identity."user" SET email = $1 WHERE id = $2', 'system handle'],
    [
      'when an update is not bound',
      'UPDATE platform.file SET name = $1 WHERE id = $2',
      'platform.file needs',
    ],
    [
      'when an update moves a row to another account',
      'UPDATE platform.file SET account_id = $1 WHERE account_id = $2',
      'must not change',
    ],
    ['when a delete is not bound', 'DELETE FROM platform.file WHERE id = $1', 'platform.file needs'],
    [
      'when an insert leaves the account out',
      'INSERT INTO platform.file (id) VALUES ($1)',
      'a row put into platform.file',
    ],
    [
      'when an insert names no columns',
      'INSERT INTO platform.file VALUES ($1, $2)',
      'a row put into platform.file',
    ],
    [
      'when an insert takes the account from anywhere',
      'INSERT INTO platform.file (account_id, id) SELECT s.account_id, s.id FROM staging s',
      'a row put into platform.file',
    ],
    [
      'when a conflict can be with another account',
      'INSERT INTO platform.file (account_id, id) VALUES ($1, $2) ON CONFLICT (storage_key) DO UPDATE SET name = $3',
      'ON CONFLICT',
    ],
    [
      'when a merge is not bound',
      'MERGE INTO platform.file f USING staging s ON f.id = s.id WHEN MATCHED THEN DELETE',
      'platform.file needs',
    ],
    [
      'when a merge puts in without the account',
      'MERGE INTO platform.file f USING staging s ON f.account_id = $1 WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)',
      'a row put into',
    ],
    [
      'when a copy leaves the account out',
      'COPY platform.file (id) FROM STDIN',
      'a row put into platform.file',
    ],
    ['when a table is copied whole', 'COPY platform.file TO STDOUT', 'takes every account'],
    ['when a table is truncated', 'TRUNCATE platform.file', 'takes every account'],
    [
      'when a cursor reads what is not bound',
      'DECLARE c CURSOR FOR SELECT id FROM platform.file',
      'platform.file needs',
    ],
    [
      'when a created table reads what is not bound',
      'CREATE TEMPORARY TABLE t AS SELECT id FROM platform.file',
      'platform.file needs',
    ],
  ])('%s', (_, sql, fault) => {
    expect(accountFaults(sql).join('\n')).toContain(fault);
  });
});
