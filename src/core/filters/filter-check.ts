// What cannot be asked of a table, told before the database is asked: what is not there, what is secret, what would be bent.
import type { Cell } from '../../shared/cell.ts'
import { conditionsOf, MOST_CONDITIONS, type Condition, type Filter } from '../../shared/filters.ts'
import type { TableShape } from '../db/database.ts'
import { columnOf } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'

/** Groups within groups at most. */
const MOST_DEEP = 4
/** Values of all conditions together: a page asks the filter up to six times in one statement, and SQLite binds 32,766. */
const MOST_VALUES = 5000

const refuse = (message: string, code: string) => new Refusal('QUERY_FAILED', message, { code })

/** Throws a Refusal in words for people. */
export function checkFilter(dialect: SqlDialect, shape: TableShape, filter: Filter | null): void {
  if (filter === null) return
  const conditions = conditionsOf(filter)
  if (conditions.length > MOST_CONDITIONS) {
    const words = `The filter has ${conditions.length} conditions; up to ${MOST_CONDITIONS} can be asked at once.`
    throw refuse(words, 'TOO_MANY')
  }
  const values = conditions.reduce((sum, { test }) => sum + (test.test === 'one-of' ? test.values.length : 1), 0)
  if (values > MOST_VALUES) {
    throw refuse(`The filter has ${values} values; up to ${MOST_VALUES} can be asked at once.`, 'TOO_MANY')
  }
  if (depthOf(filter) > MOST_DEEP) {
    throw refuse(`The filter has groups within groups more than ${MOST_DEEP} deep. Take one away.`, 'TOO_DEEP')
  }
  for (const condition of conditions) {
    if (condition.column === null) checkAnyText(condition)
    else checkOne(dialect, shape, condition, condition.column)
  }
}

const depthOf = (filter: Filter): number =>
  filter.kind === 'condition' ? 0 : 1 + Math.max(...filter.parts.map(depthOf))

/** Characters of a text from which on it is not found in random digits by chance. */
const NO_CHANCE = 8

/**
 * Columns that a condition on any text asks for this text. One letter is a flag: 'T' of PyDAL is in every row. Random hexadecimal
 * digits hold "ada" in every 140th row, so they are asked for long texts alone.
 */
export function searchedColumns(dialect: SqlDialect, shape: TableShape, text: string): string[] {
  const isAsked = (column: TableShape['columns'][number]) =>
    dialect.isText(column) && column.maxLength !== 1 && (text.length >= NO_CHANCE || !isRandom(column))
  return shape.columns.filter((column) => isAsked(column) && !isSecretColumn(column.name)).map(({ name }) => name)
}

const isRandom = ({ name, type }: TableShape['columns'][number]) => name === 'fs_uniquifier' || /^uuid$/i.test(type)

function checkAnyText({ test }: Condition): void {
  if (test.test === 'contains' || test.test === 'starts') return
  if (test.test === 'equals' && typeof test.value === 'string') return
  throw refuse(
    'Any text can be asked what it contains, starts with or equals. Choose a column for this test.',
    'NO_TEST',
  )
}

function checkOne(dialect: SqlDialect, shape: TableShape, { test }: Condition, name: string): void {
  const found = shape.columns.find((candidate) => candidate.name === name)
  if (!found) {
    throw refuse(`${shape.name} has no column ${name} any more. Take it out of the filter.`, 'NO_COLUMN')
  }
  const isOfSecrets = test.test === 'scheme'
  if (isSecretColumn(name) && !isOfSecrets && test.test !== 'null' && test.test !== 'empty') {
    throw refuse(`${name} holds password hashes, which cannot be searched.`, 'SECRET')
  }
  if (isOfSecrets && !isSecretColumn(name)) {
    throw refuse(`${name} holds no password hashes, so that they have no scheme.`, 'NO_TEST')
  }
  const ask = (value: Cell) => {
    if (value === null) throw refuse(`${name} is compared with NULL. Ask for NULL as a test of its own.`, 'NO_TEST')
    const why = dialect.whyNotAsked(columnOf(shape, name), value)
    if (why !== null) throw refuse(`The filter on ${name} cannot be asked: ${why}.`, 'NOT_ASKED')
  }
  switch (test.test) {
    case 'contains':
    case 'starts':
      if (found.kind !== 'binary') return
      throw refuse(`${name} holds bytes, which cannot be searched for text.`, 'NO_TEST')
    case 'equals':
      return ask(test.value)
    case 'one-of':
      return test.values.filter((value) => value !== null).forEach(ask)
    case 'range': {
      const ends = [test.from, test.to].filter((end) => end !== null)
      if (ends.length === 0) throw refuse(`The range of ${name} has no end. Give one at least.`, 'NO_TEST')
      return ends.forEach((end) => ask(end.value))
    }
  }
}
