// What the fake MySQL answers when a test says nothing else: enough of a session that clients can set up and look at.
import type { Answer } from './fake-server.ts'

/** As SHOW VARIABLES spells it. */
const SPELLED: Record<string, Record<string, string>> = {
  autocommit: { '1': 'ON', '0': 'OFF' },
  foreign_key_checks: { '1': 'ON', '0': 'OFF' },
  unique_checks: { '1': 'ON', '0': 'OFF' },
  sql_safe_updates: { '1': 'ON', '0': 'OFF' },
  sql_auto_is_null: { '1': 'ON', '0': 'OFF' },
  sql_select_limit: { DEFAULT: '18446744073709551615' },
}

export class MysqlSettings {
  readonly #values: Map<string, string>
  readonly #thread: number

  constructor(thread: number, version: string) {
    this.#thread = thread
    this.#values = new Map([
      ['version', version],
      ['max_allowed_packet', '67108864'],
      [/mariadb/i.test(version) ? 'tx_read_only' : 'transaction_read_only', 'OFF'],
    ])
  }

  answer(sql: string): Answer {
    const access = /^\s*set\s+session\s+transaction\s+read\s+(only|write)/i.exec(sql)
    if (access) this.#setReadOnly(access[1]?.toLowerCase() === 'only')
    else if (/^\s*set\s/i.test(sql)) this.#set(sql)
    const shown = /^\s*show\s+(?:session\s+)?variables\s+where\s+variable_name\s+in\s*\((.*)\)/is.exec(sql)?.[1]
    if (shown !== undefined) return this.#show(shown)
    const list = /^\s*select\s+(.*?);?\s*$/is.exec(sql)?.[1]
    if (list === undefined) return /^\s*(show|describe|explain)\b/i.test(sql) ? { rows: [] } : 'ok'
    const values = list.split(',').map((item) => this.#value(item.trim()))
    return values.includes(undefined) ? { rows: [] } : { rows: [values.map((value) => value ?? null)] }
  }

  #setReadOnly(isReadOnly: boolean): void {
    for (const name of ['tx_read_only', 'transaction_read_only'])
      if (this.#values.has(name)) this.#values.set(name, isReadOnly ? 'ON' : 'OFF')
  }

  #set(sql: string): void {
    for (const found of sql.matchAll(/(?:@@)?(?:session[.\s]\s*)?(\w+)\s*:?=\s*(?:'([^']*)'|([^\s,;]+))/gi)) {
      const name = (found[1] ?? '').toLowerCase()
      const value = found[2] ?? found[3] ?? ''
      this.#values.set(name, SPELLED[name]?.[value] ?? value)
    }
  }

  #show(names: string): Answer {
    const asked = [...names.matchAll(/'([^']*)'/g)].map((found) => (found[1] ?? '').toLowerCase())
    const rows = asked.flatMap((name) => {
      const value = this.#values.get(name)
      return value === undefined ? [] : [[name, value]]
    })
    return { rows, columns: ['Variable_name', 'Value'] }
  }

  /** Undefined for what is not known. */
  #value(item: string): string | null | undefined {
    if (/^connection_id\(\)/i.test(item)) return String(this.#thread)
    if (/^version\(\)/i.test(item)) return this.#values.get('version')
    const variable = /^@@(?:session\.)?(\w+)/i.exec(item)?.[1]
    if (variable) return this.#values.get(variable.toLowerCase()) ?? null
    return /^\d+$/.test(item) ? item : undefined
  }
}

/** How many rows a statement without rows has changed. */
export const changesOf = (sql: string) => (/^\s*(insert|update|delete|replace)\b/i.test(sql) ? 1 : 0)

/** Whether a session is in a transaction after a statement that went well. */
export function isInTransactionAfter(sql: string, before: boolean): boolean {
  if (/^\s*(begin\b|start\s+transaction\b)/i.test(sql)) return true
  if (/^\s*rollback\s+to\b/i.test(sql)) return before
  return /^\s*(commit|rollback)\b/i.test(sql) ? false : before
}
