// Values that are bound to a statement, as text for a person.

/** Characters of one value, and of all. */
const VALUE = 200
const ALL = 2_000

/** "1, 'a', NULL"; empty when there are none. */
export function bindingsText(bindings: readonly unknown[]): string {
  return cut(bindings.map((value) => cut(textOf(value), VALUE)).join(', '), ALL)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : `'${value.toISOString()}'`
  if (value instanceof Uint8Array) return `x'${Buffer.from(value.subarray(0, VALUE)).toString('hex')}'`
  if (typeof value === 'object')
    return `'${JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner))}'`
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? `${value}`
    : typeof value
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
