// The retry table of the reliability rules, as far as it is about PostgreSQL and the network; every code, and errors that
// have none.
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { FailureKind } from '../failure.ts'
import { classify, constraint } from './errors.ts'
import { failureOf, linkTo } from './postgres.test-setup.ts'

const ofServer = (code: string, message = 'words') =>
  Object.assign(new pg.DatabaseError(message, 0, 'error'), { code, severity: 'ERROR' })
const ofSystem = (code: string, syscall?: string) => Object.assign(new Error(`words ${code}`), { code, syscall })

describe('codes', () => {
  it.each<[code: string, kind: FailureKind]>([
    ['57P03', 'starting'],
    ['57P01', 'lost'],
    ['57P02', 'lost'],
    ['57P05', 'lost'],
    ['25P03', 'lost'],
    ['08000', 'lost'],
    ['08001', 'lost'],
    ['08003', 'lost'],
    ['08006', 'lost'],
    ['08004', 'other'],
    ['08007', 'outcome-unknown'],
    ['40003', 'outcome-unknown'],
    ['08P01', 'protocol'],
    ['53300', 'too-many-connections'],
    ['53100', 'resources'],
    ['53200', 'resources'],
    ['53400', 'resources'],
    ['28P01', 'authentication'],
    ['28000', 'authentication'],
    ['3D000', 'no-database'],
    ['42501', 'no-privilege'],
    ['40001', 'serialization'],
    ['40P01', 'deadlock'],
    ['23505', 'constraint'],
    ['23P01', 'constraint'],
    ['22003', 'constraint'],
    ['44000', 'constraint'],
    ['P0001', 'constraint'],
    ['55P03', 'lock-timeout'],
    ['57014', 'cancelled'],
    ['25P02', 'failed-transaction'],
    ['25006', 'read-only'],
    ['26000', 'stale-plan'],
    ['0A000', 'other'],
    ['XX001', 'damaged'],
    ['XX002', 'damaged'],
    ['58030', 'damaged'],
    ['42P01', 'other'],
    ['XX000', 'other'],
  ])('%s of the server is %s', (code, kind) => {
    expect(classify(ofServer(code))).toEqual({ kind, code, message: 'words' })
  })

  it('tells two meanings of one code apart by the words', () => {
    expect(classify(ofServer('57014', 'canceling statement due to statement timeout')).kind).toBe('timeout')
    expect(classify(ofServer('0A000', 'cached plan must not change result type')).kind).toBe('stale-plan')
  })

  it.each<[code: string, syscall: string | undefined, kind: FailureKind]>([
    ['ECONNREFUSED', 'connect', 'refused'],
    ['ENOENT', 'connect', 'refused'],
    ['ETIMEDOUT', 'connect', 'no-answer'],
    ['ETIMEDOUT', 'read', 'lost'],
    ['EHOSTUNREACH', 'connect', 'unreachable'],
    ['EHOSTUNREACH', 'read', 'lost'],
    ['ENETUNREACH', 'connect', 'unreachable'],
    ['EAI_AGAIN', 'getaddrinfo', 'name-temporary'],
    ['ENOTFOUND', 'getaddrinfo', 'name-unknown'],
    ['ECONNRESET', 'read', 'lost'],
    ['EPIPE', 'write', 'lost'],
    ['EMFILE', 'connect', 'local'],
    ['ENOMEM', 'connect', 'local'],
    ['EACCES', 'connect', 'local'],
    ['CERT_HAS_EXPIRED', undefined, 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', undefined, 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined, 'tls'],
    ['EPROTO', 'write', 'tls'],
  ])('%s of the system (%s) is %s', (code, syscall, kind) => {
    expect(classify(ofSystem(code, syscall))).toEqual({ kind, code, message: `words ${code}` })
  })

  it('takes the first of several addresses that failed', () => {
    const both = new AggregateError([ofSystem('ECONNREFUSED', 'connect'), ofSystem('ENETUNREACH', 'connect')])
    expect(classify(both)).toMatchObject({ kind: 'refused', code: 'ECONNREFUSED' })
  })
})

describe('errors without a code', () => {
  it.each<[message: string, kind: FailureKind]>([
    ['timeout expired', 'no-answer'],
    ['Connection terminated unexpectedly', 'lost'],
    ['Connection terminated', 'lost'],
    ['Client has encountered a connection error and is not queryable', 'lost'],
    ['Client was closed and is not queryable', 'lost'],
    ['Client network socket disconnected before secure TLS connection was established', 'lost'],
    ['The server does not support SSL connections', 'tls'],
    ['There was an error establishing an SSL connection', 'tls'],
    ['SASL: Only mechanism(s) SCRAM-SHA-256 are supported', 'unsafe'],
    ['SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match', 'authentication'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string', 'authentication'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: nonce missing', 'protocol'],
    ['received invalid response: 4a', 'protocol'],
    ['Unknown authenticationOk message type 7', 'protocol'],
    ['Received unexpected commandComplete message from backend.', 'protocol'],
    ['something else', 'other'],
  ])('%s', (message, kind) => {
    expect(classify(new Error(message))).toEqual({ kind, code: '', message })
  })

  it('are told of whatever is thrown', () => {
    for (const thrown of [undefined, null, 'text', 7, {}, new AggregateError([])])
      expect(classify(thrown).kind).toBe('other')
  })
})

describeWithPostgres('constraints', (server) => {
  it('are named with table and columns, and without a value', async () => {
    await server().admin(`
      create type level as enum ('low', 'high');
      create table held (id int primary key, "e,mail" text unique, a int, "B x" int, name text not null, n int check (n > 0),
        up int references held, l level, v varchar(3), at date, unique (a, "B x"),
        exclude using gist (int4range(a, a + 1) with &&) where (a is not null));
      create unique index held_lower on held (lower(name));
      insert into held (id, "e,mail", a, "B x", name) values (1, 'secret', 1, 2, 'Secret');
      create function refuse() returns trigger language plpgsql as $$ begin raise 'not today'; end $$;
      create table refusing (id int); create trigger t before insert on refusing for each row execute function refuse()`)
    const link = await linkTo(server())
    const met = async (sql: string) => {
      await link.begin()
      const failure = await failureOf(link.run({ sql, values: [] }))
      await link.rollback()
      expect(failure.message).not.toMatch(/secret/i)
      const found = constraint(failure)
      return found && [found.kind, found.columns, failure.table, failure.constraint]
    }
    const insert = (columns: string, values: string) => met(`insert into held (${columns}) values (${values})`)
    expect(await insert('id, name', `1, 'n'`)).toEqual(['unique', ['id'], 'held', 'held_pkey'])
    expect(await insert('id, "e,mail", name', `2, 'secret', 'n'`)).toEqual([
      ...['unique', ['e,mail'], 'held', 'held_e,mail_key'],
    ])
    expect(await insert('id, a, "B x", name', `2, 1, 2, 'n'`)).toEqual([
      'unique',
      ['a', 'B x'],
      'held',
      'held_a_B x_key',
    ])
    // Over an expression there is no column to name.
    expect(await insert('id, name', `2, 'SECRET'`)).toEqual(['unique', [], 'held', 'held_lower'])
    expect(await insert('id', '2')).toEqual(['not-null', ['name'], 'held', undefined])
    expect(await insert('id, name, n', `2, 'secret', 0`)).toEqual(['check', [], 'held', 'held_n_check'])
    expect(await insert('id, name, up', `2, 'n', 9`)).toEqual(['foreign-key', ['up'], 'held', 'held_up_fkey'])
    expect(await insert('id, name, a', `2, 'n', 1`)).toEqual(['check', [], 'held', 'held_int4range_excl'])
    for (const [column, value] of [
      ['n', `'secret'`],
      ['n', '99999999999'],
      ['l', `'secret "x" secret'`],
      ['v', `'secret'`],
      ['at', `'secret: "2026"'`],
      ['at', `'2026-13-77'`],
    ] as const) {
      expect(await insert(`id, name, ${column}`, `2, 'n', ${value}`)).toEqual(['type', [], undefined, undefined])
    }
    expect(await met('insert into refusing values (1)')).toEqual(['check', [], undefined, undefined])
    expect(await met('select nothing')).toBeNull()
    await link.end()
  })
})
