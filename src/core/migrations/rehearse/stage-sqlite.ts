// A rehearsal's stage on SQLite: one savepoint a step, and the foreign keys checked where COMMIT would check them.
import { quote } from '../../db/sqlite/introspect.ts'
import type { SchemaSession } from '../run/schema-session.ts'
import type { TransactionStage } from './in-transaction.ts'
import { keepsInside } from './keeps-inside.ts'
import { textOf, type Ask, type Asked } from './parts.ts'
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
      for (const [key, { table, parent, count }] of now) {
        const added = count - (orphans.get(key)?.count ?? 0)
        if (added > 0) {
          const rows = `${added} ${added === 1 ? 'row' : 'rows'} of "${table}"`
          throw new Error(`${rows} would point to rows of "${parent}" that are not there, and COMMIT would be refused.`)
        }
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

type Orphans = Map<string, { table: string; parent: string; count: number }>

async function countOrphans({ ask }: Asked): Promise<Orphans> {
  const found: Orphans = new Map()
  const tables = await ask(
    "select distinct m.name from sqlite_schema m, pragma_foreign_key_list(m.name) where m.type = 'table'",
  )
  for (const { name } of tables) {
    // A foreign key whose parent has no unique key cannot be checked, by SQLite itself neither.
    const rows = await ask(
      `select "table" as tbl, parent, count(*) as count from pragma_foreign_key_check(${literal(textOf(name))}) group by 1, 2`,
    ).catch(() => [])
    for (const row of rows) {
      const [table, parent] = [textOf(row.tbl), textOf(row.parent)]
      found.set(`${quote(table)} ${quote(parent)}`, { table, parent, count: Number(row.count) })
    }
  }
  return found
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
