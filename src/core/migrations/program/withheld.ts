// The result of a statement that was not sent: it can be awaited and thrown away, and nothing else.
import { ResultUsed } from '../step.ts'

/** What `await` and knex's own handling of an insert read of any value; none of it tells anything of the result. */
const HARMLESS = new Set<string | symbol>(['then', Symbol.toStringTag, Symbol.isConcatSpreadable])

const LENGTH = 120

export function resultUsed(sql: string): ResultUsed {
  const line = sql.replace(/\s+/g, ' ').trim()
  const short = line.length <= LENGTH ? line : `${line.slice(0, LENGTH - 1)}…`
  return new ResultUsed(`The step uses the result of a statement that was not sent: ${short}`)
}

/**
 * A value that throws `ResultUsed` when anything of it is touched, and tells `onUse` first, as a step may catch what is
 * thrown. JavaScript gives no way to notice that a value is only tested for truth (`if (count)`).
 */
export function withheld(sql: string, onUse: (error: ResultUsed) => void): object {
  const used = (): never => {
    const error = resultUsed(sql)
    onUse(error)
    throw error
  }
  return new Proxy(
    {},
    {
      get: (_, name) => (HARMLESS.has(name) ? undefined : used()),
      has: (_, name) => (HARMLESS.has(name) ? false : used()),
      set: used,
      deleteProperty: used,
      defineProperty: used,
      ownKeys: used,
      getOwnPropertyDescriptor: used,
      getPrototypeOf: used,
      setPrototypeOf: used,
      isExtensible: used,
      preventExtensions: used,
    },
  )
}
