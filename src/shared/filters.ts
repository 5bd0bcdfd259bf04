// What narrows a view: conditions on columns, joined by and/or to any depth that a person can read.
import { z } from 'zod'
import { cellSchema } from './cell.ts'
import { codec } from './codecs.ts'
// First of all, for the setting it makes: object schemas follow.
import './procedure.ts'

/** Conditions of one filter at most: engines limit the depth and the number of values of a statement. */
export const MOST_CONDITIONS = 50
/** Values of one `one-of` at most. */
export const MOST_VALUES = 1000

const text = z.string().min(1).max(500)
const bound = z.object({ value: cellSchema, isIncluded: z.boolean() }).nullable()

/** How the values of a column are to be written: by a codec, or as so many hexadecimal digits of any case (fs_uniquifier). */
const writing = z.union([codec, z.object({ kind: z.literal('hex'), digits: z.number().int().min(1).max(128) })])
export type Writing = z.infer<typeof writing>

/** Stands among schemes for every hash that is weak, whatever its scheme. */
export const WEAK = 'weak'

/** What is asked of a value. Values are stored values, in the column's own encoding: a true of PyDAL is 'T'. */
const test = z.discriminatedUnion('test', [
  /** Letters of ASCII are compared without case, whatever the column's collation. */
  z.object({ test: z.literal('contains'), text }),
  z.object({ test: z.literal('starts'), text }),
  /** As the database compares, in the column's own collation. NULL is asked for with `null`. */
  z.object({ test: z.literal('equals'), value: cellSchema }),
  /** NULL may be among them. */
  z.object({ test: z.literal('one-of'), values: z.array(cellSchema).min(1).max(MOST_VALUES) }),
  /** Between two values, in the order in which the database sorts the column; at least one bound is given. */
  z.object({ test: z.literal('range'), from: bound, to: bound }),
  z.object({ test: z.literal('null') }),
  /** Text or bytes of length 0. */
  z.object({ test: z.literal('empty') }),
  /** What is written otherwise, to the byte (`isForeign`); NULL never is. */
  z.object({ test: z.literal('foreign'), to: writing }),
  /** Of a secret column: the scheme of its hash, by the names of `schemeOf` ("bcrypt", "unknown"), or WEAK. The hash is never compared. */
  z.object({ test: z.literal('scheme'), schemes: z.array(z.string()).min(1).max(50) }),
])
export type Test = z.infer<typeof test>

export const condition = z.object({
  kind: z.literal('condition'),
  /**
   * Null asks any column of text (`contains`, `starts`, `equals`): the quick search. Secret columns are asked for
   * `null`, `empty` and `scheme` alone.
   */
  column: z.string().nullable(),
  /** All other rows, those with NULL included: every row is either in a condition or in its negation. */
  isNot: z.boolean(),
  test,
})
export type Condition = z.infer<typeof condition>

export interface Group {
  kind: 'group'
  join: 'and' | 'or'
  /** At least one. */
  parts: Filter[]
}
export type Filter = Condition | Group

const group: z.ZodType<Group> = z.object({
  kind: z.literal('group'),
  join: z.enum(['and', 'or']),
  parts: z
    .array(z.lazy(() => filter))
    .min(1)
    .max(MOST_CONDITIONS),
})

/** A view's filter; core refuses more than MOST_CONDITIONS conditions in all, and groups more than 4 deep. */
export const filter: z.ZodType<Filter> = z.union([condition, group])

/** The conditions of a filter, in the order in which they are read. */
export function conditionsOf(filter: Filter | null): Condition[] {
  if (filter === null) return []
  return filter.kind === 'condition' ? [filter] : filter.parts.flatMap(conditionsOf)
}

/** Names of the columns that a filter asks by name. */
export function columnsOf(filter: Filter | null): string[] {
  return [...new Set(conditionsOf(filter).flatMap(({ column }) => (column === null ? [] : [column])))]
}

/** The shortest filter there is: one condition. */
export function where(column: string | null, test: Test, isNot = false): Condition {
  return { kind: 'condition', column, isNot, test }
}
