// A piece of SQL without the values in it: pieces of the same form differ in what they bind alone, so that a statement made
// of them is compiled once for all.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'

export interface Fragment {
  /** The text, and that of the pieces inside it. */
  form: string
  /** In the order in which a compiled statement binds them. */
  values: Cell[]
}

/** For each placeholder of a text: whether a name stands there. */
const places = new Map<string, boolean[]>()

function placesOf(sql: string): boolean[] {
  const known = places.get(sql)
  if (known) return known
  const found = Array.from(sql.matchAll(/\\\?|\?\??/g), ([text]) => text).filter((text) => text !== '\\?')
  const made = found.map((text) => text === '??')
  // Texts come from the dialects, a few dozen of them; those that hold a value's own size are more.
  if (places.size > 1000) places.clear()
  places.set(sql, made)
  return made
}

/** Takes apart what a `SqlDialect` made: text with a list of bindings, of which some are such pieces again. */
export function fragmentOf(raw: Knex.Raw): Fragment {
  const { sql, bindings = [] } = raw as unknown as { sql: string; bindings?: readonly unknown[] }
  let form = sql
  const values: Cell[] = []
  placesOf(sql).forEach((isName, index) => {
    if (isName) return
    const bound = bindings[index]
    if (isRaw(bound)) {
      const inner = fragmentOf(bound)
      form += `(${inner.form})`
      values.push(...inner.values)
    } else values.push(bound as Cell)
  })
  return { form, values }
}

function isRaw(bound: unknown): bound is Knex.Raw {
  return typeof bound === 'object' && bound !== null && 'toSQL' in bound
}
