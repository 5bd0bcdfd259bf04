// What a statement that changes the schema creates, drops and renames, as far as its text tells.
import type { Dialect } from '../../../shared/profiles.ts'
import { indexNote, NO_COLUMN, readAlterTable, renamedTable } from './alter-table.ts'
import { atCommas, readerOf, type Reader } from './reader.ts'
import type { StatementReading } from './statement.ts'
import type { Token } from './tokens.ts'

/** Words between CREATE (or DROP) and the kind of thing that is meant. */
const MODIFIERS = [
  'or',
  'replace',
  'temp',
  'temporary',
  'global',
  'local',
  'unlogged',
  'unique',
  'fulltext',
  'spatial',
  'recursive',
  'virtual',
  'constraint',
  'foreign',
  'trusted',
  'procedural',
  'aggregate',
  'offline',
  'online',
]
const TWO_WORDS: readonly (readonly [string, string])[] = [
  ['materialized', 'view'],
  ['text', 'search'],
  ['user', 'mapping'],
  ['access', 'method'],
  ['event', 'trigger'],
  ['operator', 'class'],
  ['operator', 'family'],
]

/** Fills in what `tokens` (one statement) say. Answers with what is lost, in words. */
export function readSchemaChange(tokens: readonly Token[], dialect: Dialect, into: StatementReading): string[] {
  const reader = readerOf(tokens)
  if (reader.take('create')) return readCreate(reader, tokens, into)
  if (reader.take('drop')) return readDrop(reader, tokens, into)
  if (reader.take('alter')) return readAlter(reader, tokens, dialect, into)
  if (reader.take('rename')) return readRename(reader, into)
  if (reader.take('truncate')) {
    reader.take('table')
    reader.take('only')
    const tables = reader.names().map((name) => name.join('.'))
    into.tables.push(...tables)
    return [`Deletes all rows of ${tables.join(', ')}.`]
  }
  if (reader.take('comment', 'on') && /^(?:table|view|column)$/.test(reader.word)) {
    const isColumn = reader.word === 'column'
    reader.next()
    const name = reader.name() ?? []
    into.tables.push((isColumn ? name.slice(0, -1) : name).join('.'))
  }
  return []
}

/** `verb` is "create" or "drop"; the statement's is noted with it. */
function kindOf(reader: Reader, verb: string, into: StatementReading): string {
  let modifier = ''
  while (MODIFIERS.includes(reader.word)) {
    if (/^temp/.test(reader.word)) modifier = ' temporary'
    reader.next()
  }
  const kind = kindHere(reader)
  into.verb = `${verb}${modifier} ${kind}`
  return kind
}

function kindHere(reader: Reader): string {
  // MySQL: CREATE ALGORITHM = … DEFINER = … VIEW
  if (/^(?:algorithm|definer|sql)$/.test(reader.word)) {
    while (reader.here && !/^(?:view|trigger|function|procedure|event)$/.test(reader.word)) reader.next()
  }
  for (const [first, second] of TWO_WORDS) if (reader.take(first, second)) return `${first} ${second}`
  const kind = reader.word
  reader.next()
  return kind
}

function readCreate(reader: Reader, tokens: readonly Token[], into: StatementReading): string[] {
  const replaces = reader.word === 'or' && reader.ahead(1)?.text === 'replace'
  const kind = kindOf(reader, 'create', into)
  const isConcurrent = reader.take('concurrently')
  into.ifMissing = reader.take('if', 'not', 'exists')
  if (kind === 'index') return readCreateIndex(reader, isConcurrent, into)
  const name = reader.word === 'authorization' && kind === 'schema' ? null : (reader.name() ?? []).join('.')
  if (!name) return []
  into.creates.push({ kind, table: null, name })
  if (/^(?:table|view|materialized view)$/.test(kind)) into.tables.push(name)
  if (kind === 'table') into.newColumns = columnsIn(tokens.slice(reader.at))
  if (kind === 'trigger' || kind === 'policy' || kind === 'rule') {
    const on = tokens.findIndex((token, index) => index > reader.at && token.kind === 'word' && token.text === 'on')
    if (on > 0) into.tables.push((readerOf(tokens.slice(on + 1)).name() ?? []).join('.'))
  }
  if (replaces && kind === 'table') return [`Drops the table ${name}, if it is there, with all its rows.`]
  if (into.ifMissing) into.notes.push(`Does nothing if ${name} is there already.`)
  if (kind === 'database' || kind === 'tablespace') into.cannotRunInTransaction = noTransaction(`CREATE ${kind}`)
  if (kind === 'subscription') into.cannotRunInTransaction = noTransaction('CREATE SUBSCRIPTION with a slot')
  return []
}

/** Names of the columns that `(…)` defines; null where there is no such list, or where it takes over those of another table. */
function columnsIn(tokens: readonly Token[]): string[] | null {
  const [open] = tokens
  if (open?.kind !== 'other' || open.text !== '(') return null
  let depth = 0
  const end = tokens.findIndex(({ kind, text }) => {
    if (kind === 'other' && text === '(') depth++
    if (kind === 'other' && text === ')') depth--
    return depth === 0
  })
  const takesOver = tokens
    .slice(end + 1)
    .some(({ kind, text }) => kind === 'word' && /^(?:as|inherits|select)$/.test(text))
  const columns: string[] = []
  for (const part of atCommas(tokens.slice(1, end < 0 ? undefined : end))) {
    const [first] = part
    if (first?.kind === 'word' && /^(?:like|select|with)$/.test(first.text)) return null
    const isColumn = first && first.kind !== 'other' && !(first.kind === 'word' && NO_COLUMN.has(first.text))
    if (isColumn) columns.push(first.name)
  }
  return takesOver ? null : columns
}

function readCreateIndex(reader: Reader, isConcurrent: boolean, into: StatementReading): string[] {
  if (isConcurrent) into.cannotRunInTransaction = noTransaction('CREATE INDEX CONCURRENTLY')
  const index = reader.word === 'on' ? '' : (reader.name() ?? []).join('.')
  while (reader.here && reader.word !== 'on') reader.next()
  reader.take('on')
  reader.take('only')
  const table = (reader.name() ?? []).join('.')
  into.tables.push(table)
  into.creates.push({ kind: 'index', table, name: index })
  return []
}

/** What is lost with each kind of thing; null: nothing that could not be made again without knowing the rows. */
const LOST: Record<string, (name: string, cascades: boolean) => string> = {
  table: (name) => `Drops the table ${name} with all its rows.`,
  view: (name) => `Drops the view ${name}.`,
  'materialized view': (name) => `Drops the materialized view ${name} with its rows.`,
  schema: (name, cascades) => `Drops the schema ${name}${cascades ? ' with everything in it' : ''}.`,
  database: (name) => `Drops the database ${name} with everything in it.`,
  sequence: (name) => `Drops the sequence ${name} with its present number.`,
  extension: (name, cascades) => `Drops the extension ${name}${cascades ? ' with every column that uses it' : ''}.`,
  type: (name, cascades) => `Drops the type ${name}${cascades ? ' with every column that uses it' : ''}.`,
  domain: (name, cascades) => `Drops the domain ${name}${cascades ? ' with every column that uses it' : ''}.`,
}

function readDrop(reader: Reader, tokens: readonly Token[], into: StatementReading): string[] {
  const cascades = tokens.some(({ kind, text }) => kind === 'word' && text === 'cascade')
  const kind = kindOf(reader, 'drop', into)
  const isConcurrent = reader.take('concurrently')
  reader.take('if', 'exists')
  if (kind === 'owned') return ['Drops everything that a role owns.']
  const names = reader.names().map((name) => name.join('.'))
  const on = reader.take('on') ? (reader.name() ?? []).join('.') : null
  if (on !== null) into.tables.push(on)
  for (const name of names) {
    into.drops.push({ kind: kind === 'database' ? 'schema' : kind, table: on, name })
    if (/^(?:table|view|materialized view)$/.test(kind)) into.tables.push(name)
    if (kind === 'index') into.notes.push(indexNote(name))
  }
  if (kind === 'index' && isConcurrent) into.cannotRunInTransaction = noTransaction('DROP INDEX CONCURRENTLY')
  if (/^(?:database|tablespace|subscription)$/.test(kind)) into.cannotRunInTransaction = noTransaction(`DROP ${kind}`)
  if (cascades) into.notes.push('CASCADE drops what depends on it as well, in other tables too.')
  if (kind === 'index') return []
  const lost = LOST[kind] ?? ((name: string) => `Drops the ${kind} ${name}.`)
  return names.map((name) => lost(name, cascades))
}

function readAlter(reader: Reader, tokens: readonly Token[], dialect: Dialect, into: StatementReading): string[] {
  reader.skip('online', 'offline', 'ignore', 'foreign')
  const kind = reader.take('materialized', 'view') ? 'materialized view' : reader.word
  if (kind !== 'materialized view') reader.next()
  into.verb = `alter ${kind}`
  if (kind === 'system') into.cannotRunInTransaction = noTransaction('ALTER SYSTEM')
  reader.take('if', 'exists')
  reader.take('only')
  if (kind === 'type' && tokens.some(({ kind, text }) => kind === 'word' && text === 'value')) {
    into.notes.push('A value that is added to a type can be used only after the transaction has ended.')
  }
  if (!/^(?:table|view|materialized view|index|sequence)$/.test(kind)) return []
  const name = reader.name()
  if (!name) return []
  const table = name.join('.')
  reader.takeMark('*')
  if (kind === 'index' || kind === 'sequence') {
    if (kind === 'index' && reader.take('rename', 'to')) {
      into.renames.push({ kind: 'index', table: null, from: table, to: (reader.name() ?? []).join('.') })
    }
    return []
  }
  into.tables.push(table)
  return readAlterTable(tokens.slice(reader.at), table, dialect, into)
}

/** MySQL: RENAME TABLE a TO b, c TO d */
function readRename(reader: Reader, into: StatementReading): string[] {
  if (!reader.take('table') && !reader.take('tables')) return []
  into.verb = 'rename table'
  do {
    reader.take('if', 'exists')
    const from = (reader.name() ?? []).join('.')
    reader.take('to')
    into.tables.push(from)
    renamedTable(reader.name(), from, into)
  } while (reader.takeMark(','))
  return []
}

function noTransaction(what: string): string {
  return `${what.toUpperCase().replace('WITH A SLOT', 'with a slot')} cannot run inside a transaction.`
}
