// COPY … FROM STDIN through pg itself, which has its messages but no function for it.
import type { Client, Connection, Submittable } from 'pg'
import type { Cell } from '../../src/shared/cell.ts'

/** Characters handed over at a time. */
const CHUNK = 64 * 1024

/** What pg's connection can do for COPY, beside what its types say. */
interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const field = (cell: Cell) =>
  cell === null ? '\\N' : String(cell).replace(/[\\\t\n\r]/g, (letter) => ESCAPED[letter] ?? letter)

function* chunksOf(rows: readonly Cell[][]): Generator<Buffer> {
  let text = ''
  for (const row of rows) {
    text += `${row.map(field).join('\t')}\n`
    if (text.length < CHUNK) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

export async function copyRows(
  client: Client,
  table: string,
  columns: readonly string[],
  rows: readonly Cell[][],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const copying = {
    submit: (connection: Connection) => connection.query(`copy ${table} (${columns.join()}) from stdin`),
    handleCopyInResponse(connection: CopyConnection) {
      for (const chunk of chunksOf(rows)) connection.sendCopyFromChunk(chunk)
      connection.endCopyFrom()
    },
    handleCommandComplete: () => undefined,
    handleError: reject,
    handleReadyForQuery: () => resolve(undefined),
  }
  client.query(copying as Submittable)
  await promise
}
