// The lock of a run, whatever an engine makes it of: a lock of the session, of the file, or on a cluster a row with a heartbeat.
import type { SchemaLook } from '../../db/database.ts'
import type { SchemaSession } from './schema-session.ts'

export interface Holder {
  /** As `JournalEntry.session` begins or is, to find the holder's entry; null when it cannot be told. */
  session: string | null
  /** "process 4711 of ada (Roster) on 10.0.0.7, connected since 2026-11-22T10:00:00Z" */
  words: string
  /** Of a cluster: who took the lock, for when the journal has no entry of it; what is not known of it, as further sentences. */
  who?: string
  doubt?: string
  /** Nobody can tell whether it still works, and a person may say that it does not. Absent: no. */
  canRepair?: boolean
}

export interface LockKind {
  /** Does not wait. */
  tryTake(session: SchemaSession): Promise<boolean>
  /** Whether this session has it now. */
  isOurs(session: SchemaSession): Promise<boolean>
  release(session: SchemaSession): Promise<void>
  /** Who has it; null when nobody has. `ask` as on a session, without values. */
  holder(ask: SchemaSession['ask']): Promise<Holder | null>
  /** What the lock is and what it does not cover, in words. */
  readonly words: string
}

/** A look at the database asks with arrays of values; the locks' questions are the same for both. */
export function askOf(look: Pick<SchemaLook, 'read'>): SchemaSession['ask'] {
  return async (sql, values = []) => {
    if (values.length > 0) throw new Error('A look for the lock binds nothing.')
    const { columns, rows } = await look.read({ sql, values: [] })
    return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name.toLowerCase(), row[index]])))
  }
}

/** Of a database's row, as text; '' for NULL. */
export function textIn(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : ''
}
