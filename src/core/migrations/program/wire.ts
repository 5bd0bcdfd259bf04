// Responses and errors of the drivers in a form that can be copied to another process, and back into what knex reads.
import type { Dialect } from '../../../shared/profiles.ts'
import { ResultUsed } from '../step.ts'
import { withBuffers } from './bindings.ts'
import type { WireAnswer, WireFailure } from './module-protocol.ts'

type Fields = Record<string, unknown>
type Response = Extract<WireAnswer, { kind: 'response' }>

/** Of pg's result: what knex and steps read. The rest holds functions. */
const PG_RESULT = ['command', 'rowCount', 'oid'] as const
const PG_FIELD = ['name', 'tableID', 'columnID', 'dataTypeID', 'dataTypeSize', 'dataTypeModifier', 'format'] as const
const MYSQL_HEADER = ['affectedRows', 'changedRows', 'fieldCount', 'info', 'insertId', 'serverStatus', 'warningStatus']
const MYSQL_FIELD = ['name', 'table', 'schema', 'db', 'orgName', 'orgTable', 'columnType', 'type', 'flags', 'decimals']
/** PostgreSQL's type whose value pg reads as an object that knows how it is written. */
const INTERVAL = 1186

export function toWire(dialect: Dialect, response: unknown): Pick<Response, 'rows' | 'rest'> {
  if (dialect === 'postgres') {
    // Several statements in one text have several results.
    if (Array.isArray(response)) return { rows: null, rest: response.map((one) => pgResult(one, true)) }
    const { rows } = Object(response) as { rows?: unknown[] }
    return { rows: rows ?? [], rest: pgResult(response, false) }
  }
  if (dialect === 'sqlite') {
    return Array.isArray(response) ? { rows: response, rest: null } : { rows: null, rest: response }
  }
  const [result, fields] = Array.isArray(response) ? (response as unknown[]) : []
  const rows = Array.isArray(result) && !result.some(Array.isArray) ? result : null
  return { rows, rest: [rows ? null : mysqlResult(result), mysqlFields(fields)] }
}

export function fromWire(dialect: Dialect, { rows, rest }: Pick<Response, 'rows' | 'rest'>): unknown {
  withBuffers(rows)
  if (dialect === 'postgres') {
    const results = (Array.isArray(rest) ? rest : [{ ...(rest as Fields), rows }]) as PgResult[]
    for (const result of results) reviveIntervals(result)
    return Array.isArray(rest) ? withBuffers(results) : results[0]
  }
  if (dialect === 'sqlite') return rows ?? rest
  const [result, fields] = rest as unknown[]
  return [rows ?? withBuffers(result), fields]
}

interface PgResult {
  fields: { name: string; dataTypeID: number }[]
  rows: Fields[]
}

function pgResult(result: unknown, withRows: boolean): Fields {
  const { fields, rows } = Object(result) as { fields?: unknown[]; rows?: unknown[] }
  const own = { ...pick(result, PG_RESULT), fields: (fields ?? []).map((field) => pick(field, PG_FIELD)) }
  return withRows ? { ...own, rows: rows ?? [] } : own
}

/** What was read can be written again, as with pg. */
function reviveIntervals({ fields, rows }: PgResult): void {
  for (const { name } of fields.filter(({ dataTypeID }) => dataTypeID === INTERVAL)) {
    for (const row of rows) {
      const value = row[name]
      if (typeof value !== 'object' || value === null) continue
      const parts = Object.entries(value as Record<string, number>)
      const text = parts.map(([unit, count]) => `${count} ${unit}`).join(' ') || '0'
      Object.defineProperty(value, 'toPostgres', { value: () => text })
    }
  }
}

/** A procedure answers with several lists of rows and a header behind them. */
function mysqlResult(result: unknown): unknown {
  if (!Array.isArray(result)) return pick(result, MYSQL_HEADER)
  return result.map((one: unknown) => (Array.isArray(one) ? one : pick(one, MYSQL_HEADER)))
}

function mysqlFields(fields: unknown): unknown {
  if (!Array.isArray(fields)) return undefined
  return fields.map((field: unknown) => (Array.isArray(field) ? mysqlFields(field) : pick(field, MYSQL_FIELD)))
}

function pick(from: unknown, names: readonly string[]): Fields {
  const object = Object(from) as Fields
  return Object.fromEntries(names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]))
}

/** Anything may be thrown. */
export function toFailure(error: unknown, statement: number | null): WireFailure {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: textOf(error), fields: {}, statement, isResultUsed: false }
  }
  const fields = Object.fromEntries(Object.entries(error as unknown as Fields).filter(([, value]) => isPlain(value)))
  return {
    name: String(error.name),
    message: String(error.message),
    fields: fields as WireFailure['fields'],
    ...(typeof error.stack === 'string' ? { stack: error.stack } : {}),
    statement,
    isResultUsed: error instanceof ResultUsed,
  }
}

export function fromFailure({ name, message, fields, stack, isResultUsed }: WireFailure): Error {
  if (isResultUsed) return new ResultUsed(message)
  const error = Object.assign(new Error(message), fields)
  error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function textOf(thrown: unknown): string {
  try {
    return typeof thrown === 'string' ? thrown : `The step threw ${JSON.stringify(thrown) ?? String(thrown)}.`
  } catch {
    return 'The step threw something that has no text.'
  }
}
