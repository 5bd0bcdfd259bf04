// Random nested values of every kind that a call may carry, the awkward ones often.
import fc from 'fast-check'

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

/** Any 16-bit units, so half of a surrogate pair as well. */
const brokenText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 })
  .map((units) => String.fromCharCode(...units))

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  brokenText,
  fc.constantFrom('', '__NONCE__', '2026-11-22 08:00:00.123456'),
)

const leaf = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE),
  fc.bigInt(INT64),
  fc.constantFrom(INT64.min, INT64.max, 0n),
  text,
  fc.uint8Array(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
)

const key = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toJSON', 'then', 'json', 'meta', '0', ''),
)

export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 5 }),
  // fromEntries makes an own property of `__proto__` too, where an assignment would not.
  record: fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
})).value
