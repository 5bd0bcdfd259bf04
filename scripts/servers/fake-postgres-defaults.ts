// What the fake PostgreSQL answers when a test says nothing else: enough of a session that clients can set up and look at.
import type { Answer } from './fake-server.ts'

/** As PostgreSQL spells what it is told in other units. */
const SPELLED: Record<string, string> = { '60s': '1min', '60000': '1min', '5000': '5s', '5000ms': '5s' }

export class PostgresSettings {
  readonly #values = new Map([
    ['server_version_num', '160014'],
    ['server_version', '16.14'],
    ['transaction_read_only', 'off'],
    ['max_connections', '100'],
  ])
  readonly #session: number

  constructor(session: number) {
    this.#session = session
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null
  }

  set(name: string, value: string): string {
    this.#values.set(name.toLowerCase(), SPELLED[value] ?? value)
    return this.get(name) ?? ''
  }

  /** The answer to a statement: one row where it is a list of things that are known, or a bare word of completion. */
  answer(sql: string): Answer {
    const set = /^\s*set\s+(?:session\s+|local\s+)?(\w+)\s*(?:=|to)\s*'?([^']*)'?/i.exec(sql)
    if (set) this.set(set[1] ?? '', set[2] ?? '')
    const show = /^\s*show\s+(\w+)/i.exec(sql)
    if (show) return { rows: [[this.get(show[1] ?? '')]], columns: [show[1] ?? ''] }
    const list = /^\s*select\s+(.*?);?\s*$/is.exec(sql)?.[1]
    if (list === undefined) return 'ok'
    const values = splitList(list).map((item) => this.#value(item))
    return values.includes(undefined) ? { rows: [] } : { rows: [values.map((value) => value ?? null)] }
  }

  /** Undefined for what is not known. */
  #value(item: string): string | null | undefined {
    const own = /^case when pg_backend_pid\(\) = (\d+) then (.*) end$/i.exec(item)
    if (own) return Number(own[1]) === this.#session ? this.#value(own[2] ?? '') : null
    const set = /^set_config\('([^']*)',\s*'([^']*)'/i.exec(item)
    if (set) return this.set(set[1] ?? '', set[2] ?? '')
    const read = /^current_setting\('([^']*)'/i.exec(item)
    if (read) return this.get(read[1] ?? '')
    if (/^pg_backend_pid\(\)/i.test(item)) return String(this.#session)
    if (/^pg_current_xact_id/i.test(item)) return String(1000 + this.#session)
    return /^\d+$/.test(item) ? item : undefined
  }
}

/** The items of a select list; commas in brackets and quotes belong to their item. */
function splitList(list: string): string[] {
  return (list.match(/(?:'[^']*'|\([^()]*\)|[^,])+/g) ?? []).map((item) => item.trim())
}

/** The word of completion that PostgreSQL says after a statement without rows. */
export function completionOf(sql: string): string {
  const [first = '', second = ''] = sql
    .trim()
    .toUpperCase()
    .split(/[\s;]+/)
  if (first === 'INSERT') return 'INSERT 0 1'
  if (['UPDATE', 'DELETE', 'MERGE'].includes(first)) return `${first} 1`
  if (['CREATE', 'DROP', 'ALTER'].includes(first)) return `${first} ${second}`
  if (first === 'START') return 'START TRANSACTION'
  return first === 'END' ? 'COMMIT' : first
}

export type TransactionState = 'I' | 'T' | 'E'

/** Where a session is after a statement that went well. */
export function stateAfter(sql: string, before: TransactionState): TransactionState {
  const text = sql.trim().toUpperCase()
  if (/^(BEGIN|START)\b/.test(text)) return 'T'
  if (/^(COMMIT|END)\b/.test(text)) return 'I'
  if (/^ROLLBACK\s+TO\b/.test(text)) return 'T'
  return /^(ROLLBACK|ABORT)\b/.test(text) ? 'I' : before
}
