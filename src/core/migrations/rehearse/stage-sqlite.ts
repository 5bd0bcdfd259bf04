// A rehearsal's stage on SQLite: one savepoint a step, and the foreign keys checked where COMMIT would check them.
import { countOrphans, moreOrphans } from '../run/orphans.ts'
import type { SchemaSession } from '../run/schema-session.ts'
import type { TransactionStage } from './in-transaction.ts'
import { keepsInside } from './keeps-inside.ts'
import type { Ask } from './parts.ts'
import { readSnapshot } from './snapshot.ts'

/** To be made inside the transaction. */
export async function sqliteStage(session: SchemaSession): Promise<TransactionStage> {
  const ask: Ask = (sql, values) => session.ask(sql, values)
  const [size = {}] = await ask('select page_count * page_size as size from pragma_page_count, pragma_page_size')
  let orphans = await countOrphans(session)
  return {
    notes: [
      `The file has ${megabytes(Number(size.size))}. What the steps change is written to the disk beside it until it is taken back; other programs cannot write to the file meanwhile.`,
    ],
    isInTransaction: true,
    sink: session,
    refuse: ({ sql }, reading) => reading.cannotRunInTransaction ?? keepsInside(sql, 'sqlite'),
    notHere: (error) =>
      /(?:from )?within a transaction|inside a transaction/i.test(messageOf(error))
        ? `SQLite does not run it inside a transaction: ${messageOf(error)}.`
        : null,
    explain: (error) => Promise.resolve(/SQLITE_BUSY/.test(messageOf(error)) ? 'Another program uses the file.' : null),
    async begin() {
      await ask('savepoint roster_step')
    },
    async end() {
      const now = await countOrphans(session)
      const [first] = moreOrphans(orphans, now)
      if (first) {
        const { rows, parent } = first
        throw new Error(`${rows} would point to rows of "${parent}" that are not there, and COMMIT would be refused.`)
      }
      orphans = now
      await ask('release savepoint roster_step')
    },
    async undo() {
      await ask('rollback to savepoint roster_step')
    },
    snapshot: () => readSnapshot(session),
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
