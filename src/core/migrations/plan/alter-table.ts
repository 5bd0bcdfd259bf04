// What each action of an ALTER TABLE does, as far as its text tells.
import type { Dialect } from '../../../shared/profiles.ts'
import { atCommas, readerOf, type Reader } from './reader.ts'
import type { ColumnChange, StatementReading } from './statement.ts'
import type { Token } from './tokens.ts'

/** Words that end a column's type and begin what else is said of it. */
const AFTER_TYPE = new Set(
  'not null default primary unique references check constraint collate generated always as auto_increment autoincrement comment after first on charset invisible visible virtual stored persistent using storage compression key serial'.split(
    ' ',
  ),
)
/** What else than a column an ADD or a DROP may mean, when the word is not quoted. */
export const NO_COLUMN = new Set(
  'constraint primary unique foreign check index key fulltext spatial exclude partition period system'.split(' '),
)

/** `tokens` are what follows the table's name. */
export function readAlterTable(
  tokens: readonly Token[],
  table: string,
  dialect: Dialect,
  into: StatementReading,
): string[] {
  return atCommas(spread(tokens)).flatMap((action) => readAction(action, table, dialect, into) ?? [])
}

/** MySQL's `ADD (a int, b int)` as `ADD a int, ADD b int`; otherwise as it is. */
function spread(tokens: readonly Token[]): readonly Token[] {
  const start = tokens[1]?.text === 'column' ? 2 : 1
  const [add] = tokens
  if (add?.text !== 'add' || tokens[start]?.text !== '(' || tokens[start]?.kind !== 'other') return tokens
  const inner = tokens.slice(start + 1, tokens.at(-1)?.text === ')' ? -1 : undefined)
  const comma = tokens[start] && { ...tokens[start], text: ',' }
  return atCommas(inner).flatMap((part, index) => [...(index > 0 && comma ? [comma] : []), add, ...part])
}

/** Answers with what is lost, in words. */
function readAction(action: readonly Token[], table: string, dialect: Dialect, into: StatementReading): string | null {
  const reader = readerOf(action)
  if (reader.take('add')) return readAdd(reader, action, table, into)
  if (reader.take('drop')) return readDrop(reader, table, into)
  if (reader.take('alter')) return readAlterColumn(reader, action, table, into)
  if (reader.take('rename')) return readRename(reader, table, into)
  if (dialect === 'mysql') return readMysqlAction(reader, action, table, into)
  if (reader.take('set', 'schema')) {
    const to = (reader.name() ?? []).join('.')
    into.renames.push({ kind: 'table', table: null, from: table, to: `${to}.${table.split('.').at(-1) ?? ''}` })
  }
  if (reader.take('detach', 'partition') && action.some(({ text }) => text === 'concurrently')) {
    into.cannotRunInTransaction = 'DETACH PARTITION … CONCURRENTLY cannot run inside a transaction.'
  }
  return null
}

function readAdd(reader: Reader, action: readonly Token[], table: string, into: StatementReading): null {
  if (!reader.take('column') && NO_COLUMN.has(reader.word)) {
    reader.take('constraint')
    into.creates.push({ kind: 'constraint', table, name: (reader.name() ?? []).join('.') })
    return null
  }
  reader.take('if', 'not', 'exists')
  const [column] = reader.name() ?? []
  if (column === undefined) return null
  into.creates.push({ kind: 'column', table, name: column })
  into.columns.push(definition(action.slice(reader.at), { table, column, how: 'add' }))
  return null
}

function readDrop(reader: Reader, table: string, into: StatementReading): string | null {
  if (!reader.take('column') && (NO_COLUMN.has(reader.word) || reader.word === 'expression')) {
    if (reader.take('partition')) return `Drops a partition of ${table} with its rows.`
    const isSystem = reader.take('system', 'versioning')
    if (isSystem) return `Ends the history of ${table}: its old rows are dropped.`
    const kind = /^(?:index|key)$/.test(reader.word) ? 'index' : 'constraint'
    const words = reader.word === 'primary' ? 'primary key' : undefined
    if (reader.take('foreign')) reader.take('key')
    else reader.next()
    reader.take('key')
    reader.take('if', 'exists')
    const name = words ?? (reader.name() ?? []).join('.')
    into.drops.push({ kind, table, name })
    into.notes.push(kind === 'index' ? indexNote(name) : `Drops a rule, ${name} of ${table}; no rows are lost.`)
    return null
  }
  reader.take('if', 'exists')
  const [column] = reader.name() ?? []
  if (column === undefined) return null
  into.drops.push({ kind: 'column', table, name: column })
  return `Drops the column ${column} of ${table} with its values.`
}

function readAlterColumn(reader: Reader, action: readonly Token[], table: string, into: StatementReading): null {
  if (/^(?:index|constraint|check)$/.test(reader.word)) return null
  reader.take('column')
  const [column] = reader.name() ?? []
  if (column === undefined) return null
  const change = (how: ColumnChange['how'], rest: Partial<ColumnChange> = {}) =>
    into.columns.push({ table, column, how, type: null, isNotNull: false, hasDefault: false, words: '', ...rest })
  if (reader.take('set', 'data', 'type') || reader.take('type')) {
    change('type', { type: typeOf(action.slice(reader.at)).type })
  } else if (reader.take('set', 'not', 'null')) change('set-not-null', { isNotNull: true })
  else if (reader.take('drop', 'not', 'null')) change('drop-not-null')
  else if (reader.take('set', 'default')) change('set-default', { hasDefault: true })
  else if (reader.take('drop', 'default')) {
    change('drop-default')
    into.notes.push(`Drops the default of ${column} in ${table}; values that are there stay.`)
  }
  return null
}

function readRename(reader: Reader, table: string, into: StatementReading): null {
  const kind = /^(?:constraint|index|key)$/.test(reader.word) && reader.ahead(1)?.text !== 'to' ? reader.word : null
  if (kind) {
    reader.next()
    const from = (reader.name() ?? []).join('.')
    reader.take('to')
    into.renames.push({
      kind: kind === 'constraint' ? 'other' : 'index',
      table,
      from,
      to: (reader.name() ?? []).join('.'),
    })
    return null
  }
  const isColumn = reader.take('column')
  if (!isColumn && (reader.take('to') || reader.take('as'))) return renamedTable(reader.name(), table, into)
  const first = reader.name() ?? []
  if (!isColumn && !reader.take('to')) return renamedTable(first, table, into)
  if (isColumn) reader.take('to')
  const to = (reader.name() ?? []).join('.')
  const from = first.join('.')
  into.renames.push({ kind: 'column', table, from, to })
  into.notes.push(`Renames the column ${from} of ${table}: programs that still use the old name fail.`)
  return null
}

/** The new name stays in the table's schema, unless it says another. */
export function renamedTable(to: string[] | null, table: string, into: StatementReading): null {
  const schema = table.includes('.') && to?.length === 1 ? `${table.slice(0, table.lastIndexOf('.'))}.` : ''
  const name = schema + (to ?? []).join('.')
  into.renames.push({ kind: 'table', table: null, from: table, to: name })
  into.notes.push(`Renames ${table} to ${name}: programs that still use the old name fail.`)
  return null
}

function readMysqlAction(
  reader: Reader,
  action: readonly Token[],
  table: string,
  into: StatementReading,
): string | null {
  const isChange = reader.word === 'change'
  if (reader.take('modify') || reader.take('change')) {
    reader.take('column')
    reader.take('if', 'exists')
    const [column] = reader.name() ?? []
    const [to] = (isChange && reader.name()) || [column]
    if (column === undefined || to === undefined) return null
    if (to !== column) {
      into.renames.push({ kind: 'column', table, from: column, to })
      into.notes.push(`Renames the column ${column} of ${table}: programs that still use the old name fail.`)
    }
    into.columns.push(definition(action.slice(reader.at), { table, column, how: 'redefine' }))
    return null
  }
  if (reader.take('truncate', 'partition')) return `Deletes all rows of a partition of ${table}.`
  if (reader.take('discard', 'tablespace')) return `Throws the rows of ${table} away.`
  if (reader.take('exchange', 'partition')) return `Exchanges the rows of ${table} with those of another table.`
  if (reader.take('convert', 'to')) {
    into.notes.push(
      `Writes all text of ${table} anew; characters that the new character set does not have make it fail.`,
    )
  }
  return null
}

function definition(rest: readonly Token[], change: Pick<ColumnChange, 'table' | 'column' | 'how'>): ColumnChange {
  const { type, after } = typeOf(rest)
  const words = after.map(({ kind, text }) => (kind === 'word' ? text : '')).join(' ')
  const isNotNull = /(?:^| )not null(?: |$)/.test(words) || /(?:^| )primary key(?: |$)/.test(words)
  const isMade = /(?:^| )(?:default|generated|auto_increment|autoincrement|identity|as)(?: |$)/.test(words)
  return { ...change, type, isNotNull, words, hasDefault: isMade || /^(?:small|big)?serial\d*$/.test(type ?? '') }
}

/** The type as it is written, in lower case and without blanks that mean nothing. */
function typeOf(rest: readonly Token[]): { type: string | null; after: readonly Token[] } {
  let end = 0
  let depth = 0
  for (; end < rest.length; end++) {
    const token = rest[end]
    if (token?.text === '(' && token.kind === 'other') depth++
    if (token?.text === ')' && token.kind === 'other') depth--
    if (end > 0 && depth === 0 && token?.kind === 'word' && AFTER_TYPE.has(token.text)) break
    if (end === 0 && token?.kind === 'word' && AFTER_TYPE.has(token.text) && token.text !== 'serial') break
    if (depth === 0 && token?.text === ';') break
  }
  const parts = rest.slice(0, end)
  const text = parts.map(({ kind, text }, index) => {
    const word = kind === 'string' ? `'${text}'` : text.toLowerCase()
    const before = parts[index - 1]
    return index > 0 && /^\w/.test(word) && before && before.text !== '(' && before.text !== ',' ? ` ${word}` : word
  })
  return { type: text.join('') || null, after: rest.slice(end) }
}

export function indexNote(name: string): string {
  return `Drops the index ${name}: no rows are lost, and reads that use it become slower.`
}
