// A piece of SQL without the values in it: pieces of the same form differ in what they bind alone, so that a statement made
// of them is compiled once for all.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'

export interface Fragment {
  /** The same for all pieces whose text is the same, that of the pieces inside them included; short, and good in this run alone. */
  form: string
  /** In the order in which a compiled statement binds them. */
  values: Cell[]
}

/** Texts that were met, with a number for each, and whether a name stands at each of its placeholders. */
const texts = new Map<string, { number: string; isName: boolean[] }>()
let last = 0

function textOf(sql: string) {
  const known = texts.get(sql)
  if (known) return known
  const found = Array.from(sql.matchAll(/\\\?|\?\??/g), ([text]) => text).filter((text) => text !== '\\?')
  last += 1
  const made = { number: `#${last}`, isName: found.map((text) => text === '??') }
  // They come from the dialects, a few dozen of them; those that hold a value's own size are more. A number is never used again.
  if (texts.size > 1000) texts.clear()
  texts.set(sql, made)
  return made
}

/** Takes apart what a `SqlDialect` made: text with a list of bindings, of which some are such pieces again. */
export function fragmentOf(raw: Knex.Raw): Fragment {
  const { sql, bindings = [] } = raw as unknown as { sql: string; bindings?: readonly unknown[] }
  const { number, isName } = textOf(sql)
  let form = number
  const values: Cell[] = []
  for (let index = 0; index < isName.length; index++) {
    if (isName[index]) continue
    const bound = bindings[index]
    if (isRaw(bound)) {
      const inner = fragmentOf(bound)
      form += `(${inner.form})`
      values.push(...inner.values)
    } else values.push(bound as Cell)
  }
  return { form, values }
}

/** The value of a piece that is a placeholder and nothing else. */
export function boundAlone(raw: Knex.Raw): { value: Cell } | null {
  const { sql, bindings = [] } = raw as unknown as { sql: string; bindings?: readonly unknown[] }
  return sql === '?' && !isRaw(bindings[0]) ? { value: bindings[0] as Cell } : null
}

function isRaw(bound: unknown): bound is Knex.Raw {
  return typeof bound === 'object' && bound !== null && 'toSQL' in bound
}
