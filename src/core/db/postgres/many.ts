// One statement run for many rows of values: read by the server once, and sent without waiting for each answer.
import type pg from 'pg'
import type { Cell } from '../../../shared/cell.ts'
import type { Ran } from '../database.ts'
import { failedAt } from '../failed-at.ts'
import { cellTypes, type toParameter } from './values.ts'

type Parameter = ReturnType<typeof toParameter>

/** What pg's connection can do, beside what its types say. */
interface Protocol {
  stream: { cork(): void; uncork(): void }
  parse(query: { text: string }): void
  describe(what: { type: 'S'; name: string }): void
  bind(what: { values: readonly Parameter[] }): void
  execute(what: null): void
  sync(): void
}

/**
 * Answers in the order of `rows`. At the first that fails the server passes over the rest; the error then says which one it
 * was (`placeOfFailure`). All rows go out at once: whoever calls keeps them to a size that fits.
 */
export function runMany(client: pg.Client, sql: string, rows: readonly (readonly Parameter[])[]): Promise<Ran[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran[]>()
  const done: Ran[] = []
  let decoders: ((text: string) => Cell)[] = []
  let answered: Cell[][] = []
  const many = {
    submit(connection: Protocol) {
      connection.stream.cork()
      try {
        connection.parse({ text: sql })
        connection.describe({ type: 'S', name: '' })
        for (const values of rows) {
          connection.bind({ values })
          connection.execute(null)
        }
        connection.sync()
      } finally {
        connection.stream.uncork()
      }
      return null
    },
    handleRowDescription({ fields }: { fields: { dataTypeID: number }[] }) {
      decoders = fields.map(({ dataTypeID }) => cellTypes.getTypeParser(dataTypeID, 'text') as (text: string) => Cell)
    },
    handleDataRow({ fields }: { fields: (string | null)[] }) {
      answered.push(fields.map((text, index) => (text === null ? null : (decoders[index]?.(text) ?? text))))
    },
    handleCommandComplete({ text }: { text: string }) {
      done.push({ changes: Number(/(\d+)$/.exec(text)?.[1] ?? 0), lastKey: null, rows: answered })
      answered = []
    },
    handlePortalSuspended: () => undefined,
    handleEmptyQuery: () => undefined,
    handleCopyInResponse: () => undefined,
    handleCopyData: () => undefined,
    handleError(error: Error) {
      failedAt(error, done.length)
      reject(error)
    },
    handleReadyForQuery: () => resolve(done),
  }
  client.query(many as unknown as pg.Submittable)
  return promise
}
