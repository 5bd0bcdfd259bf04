// Rows as SQL text that a person pastes elsewhere: an INSERT or an UPDATE for each, or the literals of an IN list. Nothing is run.
import type { Cell } from '../../shared/cell.ts'
import type { SqlForm } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import { plainName, restoreNames } from '../db/identifiers.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'

export interface SqlRow {
  /** Null for a row that is not stored yet. */
  key: readonly Cell[] | null
  values: Readonly<Record<string, Cell>>
}

/**
 * One text for each row. Of an UPDATE the row's key is the condition, and a row without one has none (''). Throws as
 * `SqlDialect.literal` for a value that the engine cannot store.
 */
export function rowsAsSql(dialect: SqlDialect, shape: TableShape, form: SqlForm, rows: readonly SqlRow[]): string[] {
  // Names are compiled by knex, once for all rows; values are literals of the dialect.
  const compiled = (name: string) => restoreNames(dialect.knex.raw('??', [name]).toQuery())
  const names = new Map(shape.columns.map(({ name }) => [name, compiled(plainName(name))]))
  const columns = new Map(shape.columns.map((column) => [column.name, column]))
  const table = compiled(dialect.table(shape.name))
  const named = ([name, value]: [string, Cell]) => {
    const [column, as] = [columns.get(name), names.get(name)]
    if (!column || as === undefined)
      throw new Refusal('QUERY_FAILED', `${shape.name} has no column ${name} any more. Reload the table.`, {
        code: 'NO_COLUMN',
      })
    if (isSecretColumn(name))
      throw new Refusal('QUERY_FAILED', `${name} holds password hashes, which cannot be copied.`, { code: 'SECRET' })
    return { as, literal: dialect.literal(column, value) }
  }
  return rows.map(({ key, values }) => {
    const cells = Object.entries(values).map(named)
    if (form === 'in') return cells.map(({ literal }) => literal).join(', ')
    if (form === 'insert') return insert(table, cells, dialect)
    const place = key?.map((value, index) => named([shape.key[index] ?? '', value]))
    if (!place || place.length === 0 || cells.length === 0) return ''
    const set = cells.map(({ as, literal }) => `${as} = ${literal}`).join(', ')
    return `update ${table} set ${set} where ${place.map(({ as, literal }) => `${as} = ${literal}`).join(' and ')};`
  })
}

function insert(table: string, cells: { as: string; literal: string }[], { newKey }: SqlDialect): string {
  // MySQL has no DEFAULT VALUES, and an empty list instead.
  if (cells.length === 0) return `insert into ${table} ${newKey === 'last-key' ? '() values ()' : 'default values'};`
  const list = (pick: (cell: { as: string; literal: string }) => string) => cells.map(pick).join(', ')
  return `insert into ${table} (${list(({ as }) => as)}) values (${list(({ literal }) => literal)});`
}
