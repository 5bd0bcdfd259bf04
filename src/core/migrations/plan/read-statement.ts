// What a statement is, by its text alone: a read or not, which tables it touches, what is lost by it.
import type { Dialect } from '../../../shared/profiles.ts'
import { isCatalog, readKind } from './is-read.ts'
import { cutAt, readerOf } from './reader.ts'
import { lostRows } from './row-change.ts'
import { readSchemaChange } from './schema-change.ts'
import { emptyReading, type StatementReading } from './statement.ts'
import { tokensOf, type Token } from './tokens.ts'
import { tablesNamed } from './touched-tables.ts'

export type { ColumnChange, Rename, SchemaThing, StatementReading } from './statement.ts'

const SCHEMA_VERBS = /^(?:create|drop|alter|rename|truncate|comment|grant|revoke|reassign|security)\b/
const SESSION_VERBS =
  /^(?:begin|start|commit|end|rollback|savepoint|release|abort|set|reset|use|discard|deallocate|prepare|listen|unlisten|lock|unlock|xa)$/
/** Statements that take whole statements inside of them, with their semicolons. */
const WITH_BODY = /^(?:function|procedure|trigger|event|package)$/

const CONDITIONS = /^(?:where|limit|group|having|distinct|join)$/

/** Several statements in one text are read as one: a read only if all of them are. Never throws. */
export function readStatement(sql: string, dialect: Dialect): StatementReading {
  const { list, hasVersionedComment } = tokensOf(sql, dialect)
  const parts = hasBody(list, dialect) ? [list] : cutAt(list, ';')
  const [first = emptyReading(''), ...others] = parts.map((part) => readOne(part, dialect))
  const reading = others.reduce(both, first)
  return hasVersionedComment ? { ...reading, isRead: false, isCatalogRead: false } : reading
}

/** `create trigger … begin …; end` on SQLite and MySQL, `create function … begin atomic …; end` on PostgreSQL. */
function hasBody(tokens: readonly Token[], dialect: Dialect): boolean {
  if (tokens[0]?.text !== 'create') return false
  const isKind = tokens.slice(1, 12).some(({ kind, text }) => kind === 'word' && WITH_BODY.test(text))
  if (!isKind || dialect !== 'postgres') return isKind
  return tokens.some(
    ({ kind, text }, index) => kind === 'word' && text === 'begin' && tokens[index + 1]?.text === 'atomic',
  )
}

function readOne(tokens: readonly Token[], dialect: Dialect): StatementReading {
  const into = emptyReading(verbOf(tokens))
  const lost = readSchemaChange(tokens, dialect, into)
  // A body's tables are touched when it is called, not when it is made; rights name no tables that are touched.
  const namesTables = !hasBody(tokens, dialect) && !/^(?:grant|revoke|prepare|set|comment)$/.test(into.verb)
  const named = namesTables ? [...tablesNamed(tokens, dialect), ...tablesOfVerb(tokens)] : []
  into.tables = distinct([...into.tables, ...named.map((parts) => parts.join('.'))])
  into.isSchemaChange = SCHEMA_VERBS.test(into.verb)
  // SET GLOBAL is for the whole server, and stays.
  const second = tokens[1]?.kind === 'word' ? tokens[1].text : ''
  into.isSession = SESSION_VERBS.test(into.verb) && !/^(?:global|persist|persist_only|slave|replica)$/.test(second)
  Object.assign(into, readKind(tokens, dialect, into.tables))
  lost.push(...lostRows(tokens))
  into.destructive = lost.length > 0 ? lost.join(' ') : null
  into.cannotRunInTransaction ??= refusedInTransaction(tokens, dialect)
  into.qualified = qualifiedOf(tokens, into)
  into.hasCondition = tokens.some(({ kind, text }) => kind === 'word' && CONDITIONS.test(text))
  return into
}

function both(a: StatementReading, b: StatementReading): StatementReading {
  return {
    verb: a.verb,
    isRead: a.isRead && b.isRead,
    isCatalogRead: a.isCatalogRead && b.isCatalogRead,
    isSchemaChange: a.isSchemaChange || b.isSchemaChange,
    isSession: a.isSession && b.isSession,
    tables: distinct([...a.tables, ...b.tables]),
    creates: [...a.creates, ...b.creates],
    newColumns: null,
    ifMissing: a.ifMissing || b.ifMissing,
    drops: [...a.drops, ...b.drops],
    renames: [...a.renames, ...b.renames],
    columns: [...a.columns, ...b.columns],
    hasCondition: a.hasCondition || b.hasCondition,
    destructive: [a.destructive, b.destructive].filter((text) => text !== null).join(' ') || null,
    notes: distinct([...a.notes, ...b.notes]),
    cannotRunInTransaction: a.cannotRunInTransaction ?? b.cannotRunInTransaction,
    qualified: distinct([...a.qualified, ...b.qualified]),
  }
}

function verbOf(tokens: readonly Token[]): string {
  const reader = readerOf(tokens)
  while (reader.takeMark('('));
  return reader.word
}

/** VACUUM, LOCK, COPY and their like name a table behind their own words. */
function tablesOfVerb(tokens: readonly Token[]): string[][] {
  const reader = readerOf(tokens)
  const verb = reader.word
  reader.next()
  if (verb === 'copy' || verb === 'table' || verb === 'describe' || verb === 'desc') {
    const name = reader.name()
    return name ? [name] : []
  }
  if (verb === 'insert' || verb === 'replace') {
    // MySQL's INTO may be left out.
    reader.skip('low_priority', 'delayed', 'high_priority', 'ignore', 'overwrite')
    const name = reader.word === 'into' || reader.word === 'or' ? null : reader.name()
    return name ? [name] : []
  }
  if (verb === 'optimize' || verb === 'repair' || verb === 'lock' || verb === 'reindex' || verb === 'analyze') {
    reader.skip('local', 'no_write_to_binlog', 'table', 'tables', 'index', 'concurrently', 'only', 'verbose')
    const isQuery = /^(?:select|with|update|delete|insert|database|system|schema)$/.test(reader.word)
    return isQuery ? [] : reader.names().slice(0, 1)
  }
  return []
}

function refusedInTransaction(tokens: readonly Token[], dialect: Dialect): string | null {
  const [first, second] = tokens.map(({ kind, text }) => (kind === 'word' ? text : ''))
  const has = (word: string) => tokens.some(({ kind, text }) => kind === 'word' && text === word)
  if (first === 'vacuum' && dialect !== 'mysql') return 'VACUUM cannot run inside a transaction.'
  if (dialect === 'postgres') {
    if (first === 'reindex' && (has('concurrently') || /^(?:database|system|schema)$/.test(second ?? ''))) {
      return 'This REINDEX cannot run inside a transaction.'
    }
    if (first === 'cluster' && tokens.length === 1) return 'CLUSTER of all tables cannot run inside a transaction.'
    if (first === 'alter' && second === 'database' && has('tablespace')) {
      return 'ALTER DATABASE … SET TABLESPACE cannot run inside a transaction.'
    }
  }
  if (dialect === 'sqlite') {
    const isPragma = first === 'pragma' && tokens.length > 2
    if (isPragma && second === 'journal_mode') return 'The journal mode cannot be changed inside a transaction.'
    if (isPragma && second === 'synchronous') return 'PRAGMA synchronous cannot be changed inside a transaction.'
    if (first === 'detach') return 'DETACH cannot run inside a transaction.'
  }
  return null
}

/** Tables, and functions that are called with their schema. */
function qualifiedOf(tokens: readonly Token[], { tables, drops, renames }: StatementReading): string[] {
  const names = [...tables, ...drops.filter(({ kind }) => kind !== 'column').map(({ name }) => name)]
  names.push(...renames.filter(({ kind }) => kind === 'table').map(({ to }) => to))
  const found = names.filter((name) => name.includes('.') && !isCatalog(name))
  tokens.forEach((token, index) => {
    const [dot, called, open] = tokens.slice(index + 1, index + 4)
    if (token.kind === 'other' || dot?.text !== '.' || open?.text !== '(' || !called || called.kind === 'other') return
    const isTable = found.includes(`${token.name}.${called.name}`)
    if (!isTable && !isCatalog(`${token.name}.${called.name}`)) found.push(`${token.name}.${called.name}`)
  })
  return distinct(found)
}

const distinct = (names: readonly string[]) => [...new Set(names.filter((name) => name !== ''))]
