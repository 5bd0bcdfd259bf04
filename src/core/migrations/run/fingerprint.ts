// Whether two statements are the same, by text and values, without keeping the values themselves.
import { createHash } from 'node:crypto'
import type { StepStatement } from '../step.ts'

/** SHA-256 in hexadecimal. Every value counts with its type: the number 1 is another than the text "1". */
export function fingerprintOf({ sql, bindings }: StepStatement): string {
  const hash = createHash('sha256')
  // Lengths before texts, so that no two lists of values have the same bytes.
  const add = (kind: string, text: string) => hash.update(`${kind}${Buffer.byteLength(text)}:`).update(text)
  add('q', sql)
  for (const value of bindings) add(...typed(value))
  return hash.digest('hex')
}

function typed(value: unknown): [kind: string, text: string] {
  if (value === null || value === undefined) return ['0', '']
  if (value instanceof Date) return ['d', String(value.getTime())]
  if (value instanceof Uint8Array) return ['x', Buffer.from(value).toString('hex')]
  switch (typeof value) {
    case 'string':
      return ['s', value]
    case 'number':
      return ['n', Object.is(value, -0) ? '-0' : String(value)]
    case 'bigint':
      return ['i', String(value)]
    case 'boolean':
      return ['b', String(value)]
    default:
      return ['j', JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))]
  }
}
