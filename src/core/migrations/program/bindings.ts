// Values that a step binds, made ready to travel: what the driver would do with a value's own methods is done before, because
// a copy in another process has none.
import type { Dialect } from '../../../shared/profiles.ts'

/** Dates, bytes, numbers, bigint, text and null stay what they are. Throws for what only a driver in the same process could bind. */
export function placed(dialect: Dialect, bindings: readonly unknown[] | undefined): unknown[] {
  return (bindings ?? []).map((value) => (dialect === 'postgres' ? forPostgres(value) : plain(value)))
}

/** As pg's own preparation: arrays are the engine's, other objects are JSON or say themselves how they are written. */
function forPostgres(value: unknown, seen: readonly unknown[] = []): unknown {
  if (typeof value !== 'object' || value === null) return scalar(value)
  if (value instanceof Date) return value
  if (value instanceof ArrayBuffer) return Buffer.from(value)
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (Array.isArray(value)) return value.map((item: unknown) => forPostgres(item, seen))
  if (seen.includes(value)) throw new Error('A value that the step binds contains itself.')
  if ('toPostgres' in value && typeof value.toPostgres === 'function') {
    const prepare = (inner: unknown) => forPostgres(inner, [...seen, value])
    return prepare((value.toPostgres as (prepare: (inner: unknown) => unknown) => unknown)(prepare))
  }
  return JSON.stringify(value)
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return scalar(value)
  if ('toSqlString' in value) {
    throw new Error('A value that the step binds writes SQL by itself (toSqlString). Use knex.raw instead.')
  }
  return value
}

function scalar(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new Error(`A ${typeof value} cannot be bound to a statement.`)
  }
  return value
}

/** Bytes as Node's own class again, which drivers look for: between processes they may have become plain ones. */
export function withBuffers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (Buffer.isBuffer(value)) return value
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (Array.isArray(value)) {
    value.forEach((item, index) => (value[index] = withBuffers(item)))
    return value
  }
  const object = value as Record<string, unknown>
  for (const [name, item] of Object.entries(object)) {
    if (typeof item === 'object' && item !== null) object[name] = withBuffers(item)
  }
  return object
}
