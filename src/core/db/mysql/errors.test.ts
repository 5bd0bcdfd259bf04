// What errors mean: every row of the table, errors without a code, and which constraint a real server has refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import type { FailureKind } from '../failure.ts'
import type { Link } from '../server/link.ts'
import { withoutValues } from './clean.ts'
import { classify } from './errors.ts'
import { mysql } from './mysql.ts'
import { linkTo, run } from './mysql.test-setup.ts'

const TABLE: [code: number | string, kind: FailureKind, message?: string, state?: string][] = [
  [2002, 'other'],
  ['ECONNREFUSED', 'refused'],
  ['ENOENT', 'refused'],
  ['ETIMEDOUT', 'no-answer'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENOTFOUND', 'name-unknown'],
  ['EAI_AGAIN', 'name-temporary'],
  ['ECONNRESET', 'lost'],
  ['EPIPE', 'lost'],
  ['PROTOCOL_CONNECTION_LOST', 'lost'],
  ...([2006, 2013, 2055, 1927, 4031, 1053] as const).map((code): [number, FailureKind] => [code, 'lost']),
  [1040, 'too-many-connections'],
  [1203, 'too-many-connections'],
  [1226, 'user-limit'],
  [1129, 'host-blocked'],
  [1130, 'host-blocked'],
  [1045, 'authentication'],
  [1698, 'authentication'],
  [1044, 'no-privilege'],
  [1142, 'no-privilege'],
  [1049, 'no-database'],
  [1205, 'lock-timeout'],
  [1213, 'deadlock', 'Deadlock found', '40001'],
  [1020, 'serialization'],
  [1047, 'not-in-cluster', 'WSREP has not yet prepared node for application use', '08S01'],
  [1047, 'other', 'Unknown command', '08S01'],
  [1180, 'outcome-unknown'],
  [1290, 'read-only', 'The MariaDB server is running with the --read-only option so it cannot execute this statement'],
  [1290, 'other', 'The MySQL server is running with the --secure-file-priv option'],
  [1836, 'read-only'],
  [1792, 'read-only', 'x', '25006'],
  [1317, 'cancelled', 'x', '70100'],
  [3024, 'timeout'],
  [1969, 'timeout'],
  [1114, 'resources'],
  [1021, 'resources'],
  [1030, 'resources'],
  [1153, 'resources'],
  [2026, 'tls'],
  ['HANDSHAKE_SSL_ERROR', 'tls'],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['EPROTO', 'tls'],
  ['EMFILE', 'local'],
  ['ENOMEM', 'local'],
  ['EACCES', 'local'],
  ['AUTH_SWITCH_PLUGIN_ERROR', 'authentication'],
  ['MYSQL_CLEAR_PASSWORD_NOT_ENABLED', 'unsafe'],
  ['HANDSHAKE_UNKNOWN_ERROR', 'protocol'],
  [1062, 'constraint'],
  [1451, 'constraint'],
  [3819, 'constraint'],
  [4025, 'constraint'],
  // Numbers that are not in the table are told by their SQLSTATE.
  [9001, 'deadlock', 'x', '40001'],
  [9002, 'lost', 'x', '08S01'],
  [9003, 'constraint', 'x', '23000'],
  [9004, 'other', 'x', '42000'],
]

describe('errors', () => {
  it.each(TABLE)('%s is %s', (code, kind, message = 'words', sqlState = 'HY000') => {
    const error = Object.assign(
      new Error(message),
      typeof code === 'number' ? { errno: code, code: 'ER_X', sqlState } : { code, errno: -1 },
    )
    expect(classify(error)).toEqual({ kind, code: String(code), message })
  })

  it.each([
    [new Error("Can't add new command when connection is in closed state"), 'lost'],
    [new Error("Can't write in closed state"), 'lost'],
    [Object.assign(new Error('x'), { code: 'HANDSHAKE_SSL_ERROR', tlsCode: 'ECONNRESET' }), 'lost'],
    [Object.assign(new Error('x'), { code: 'HANDSHAKE_SSL_ERROR', tlsCode: 'CERT_HAS_EXPIRED' }), 'tls'],
    [new Error('anything'), 'other'],
    ['text', 'other'],
    [undefined, 'other'],
    [null, 'other'],
    [{ errno: 'x', message: 7 }, 'other'],
  ])('%s has no code, and is %s', (error, kind) => {
    expect(classify(error).kind).toBe(kind)
  })

  it.each([
    "Duplicate entry 'canary' for key 'email'",
    "Duplicate entry 'can' for key 'ary-canary' for key 'auth_user.email'",
    "Incorrect integer value: 'canary' for column `db`.`t`.`id` at row 1",
    "Incorrect datetime value: 'can' at row 1 canary' for column 'c' at row 1",
    "Truncated incorrect DOUBLE value: 'canary'",
    "You have an error in your SQL syntax; check the manual near 'where x = 'canary'' at line 1",
    "Invalid utf8mb4 character string: 'canary'",
    "BIGINT value is out of range in '(1 + 'canary')'",
  ])('hold no value: %s', (message) => {
    expect(withoutValues(message)).not.toContain('canary')
    expect(classify(Object.assign(new Error(message), { errno: 1064 })).message).not.toContain('canary')
  })
})

describeWithMariadb('what MariaDB refuses', (server) => {
  let link: Link
  beforeAll(async () => {
    await server().admin(`create table parent (id int primary key);
      create table t (id int primary key, \`it's \`\`odd\` varchar(3) not null, n tinyint default null, d date, m decimal(4,2) check (m < 50), p int,
        a int, b int, e enum('x'), j json, unique key both_of (a, b), constraint small check (n < 100),
        constraint fk foreign key (p) references parent (id));
      insert into parent values (1); insert into t values (1, 'x', 1, null, null, 1, 1, 1, null, null);
      create trigger no_seven before insert on t for each row if new.n = 7 then signal sqlstate '45000' set message_text = 'Seven is not liked'; end if`)
    link = await linkTo(server())
  })
  afterAll(() => link.destroy())

  const CASES: [sql: string, kind: string, columns: string[]][] = [
    ["insert into `t` values (1, 'x', 1, null, null, null, 2, 2, null, null)", 'unique', ['id']],
    ["insert into `t` (id, `it's ``odd`, a, b) values (2, 'x', 1, 1)", 'unique', ['a', 'b']],
    ["insert into `t` (id, `it's ``odd`) values (2, null)", 'not-null', ["it's `odd"]],
    ["update `t` set `it's ``odd` = null", 'not-null', ["it's `odd"]],
    ['insert into `t` (id) values (2)', 'not-null', ["it's `odd"]],
    ["update `t` set `it's ``odd` = 'long'", 'type', ["it's `odd"]],
    ['update `t` set n = 128', 'type', ['n']],
    ["update `t` set n = 'abc'", 'type', ['n']],
    ["update `t` set d = '2024-13-01'", 'type', ['d']],
    ["update `t` set e = 'y'", 'type', ['e']],
    ['update `t` set m = 100', 'type', ['m']],
    ['update `t` set m = 50', 'check', []],
    ['update `t` set n = 100', 'check', []],
    ["update `t` set j = '{'", 'check', []],
    ['update `t` set p = 2', 'foreign-key', ['p']],
    ['delete from `parent`', 'foreign-key', []],
    ["insert into `t` (id, `it's ``odd`, n) values (7, 'x', 7)", 'check', []],
  ]
  it.each(CASES)('%s', async (sql, kind, columns) => {
    await link.begin()
    const error = await run(link, sql).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    await link.rollback()
    const found = mysql.constraint(classify(error))
    expect(found).toMatchObject({ kind, columns })
    expect(found?.message).not.toBe('')
    // Neither the statement nor its values stay on what is logged.
    expect(JSON.stringify(Object.entries(error as Error))).not.toContain(sql)
  })

  it('says what is no constraint', async () => {
    await expect(run(link, 'selec')).rejects.toSatisfy((error) => mysql.constraint(classify(error)) === null)
  })
})
