// The names of the ledger as a look sees them, for what has to be told from them; empty when there is no ledger.
import type { Database, SchemaLook } from '../../db/database.ts'

export async function ledgerKeys(look: SchemaLook, { quote }: Pick<Database, 'quote'>): Promise<string[]> {
  const tables = await look.tables()
  if (!tables.some(({ name }) => name.toLowerCase() === 'knex_migrations')) return []
  const { rows } = await look.read({ sql: `select ${quote('name')} from ${quote('knex_migrations')}`, values: [] })
  return rows.map(([name]) => (name instanceof Uint8Array ? Buffer.from(name).toString('utf8') : String(name)))
}
