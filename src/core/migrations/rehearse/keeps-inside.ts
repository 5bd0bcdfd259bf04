// Finds statements with which a step would end the transaction that is to take it back, or reach out of it.
import type { Dialect } from '../../../shared/profiles.ts'
import { cutAt } from '../plan/reader.ts'
import { tokensOf, type Token } from '../plan/tokens.ts'

/** In the text, as the body of DO is one: functions whose work stays whatever becomes of the transaction. */
const STAYS =
  /\b(setval|dblink\w*|lo_export|pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile\w*|pg_promote|pg_switch_wal|pg_create_restore_point|pg_(?:create|drop)_(?:physical_|logical_)?replication_slot|pg_logical_emit_message|pg_file_\w+|pg_stat_reset\w*)\s*\(/i

/** Why what the statement does could not be taken back, in words; null when it can. Several statements in one text are looked at one by one. */
export function keepsInside(sql: string, dialect: Dialect): string | null {
  const tokens = tokensOf(sql, dialect).list
  const parts = cutAt(tokens, ';')
  // The body of a trigger or of a function: its END closes it.
  const hasBody = tokens[0]?.text === 'create' && tokens.some(({ kind, text }) => kind === 'word' && text === 'begin')
  for (const [index, part] of parts.entries()) {
    const words = part.slice(0, 4).map(({ kind, text }) => (kind === 'word' ? text : ''))
    const [first = '', second = ''] = words
    if (index > 0 && hasBody && (first === 'end' || dialect === 'sqlite')) continue
    if (endsTransaction(words, dialect)) {
      return `it sends ${first.toUpperCase()} itself, and what was done before it could not be taken back.`
    }
    if (dialect === 'sqlite' && (first === 'attach' || first === 'detach')) {
      return `it sends ${first.toUpperCase()}, which reaches files beside the database.`
    }
    if (dialect === 'postgres' && first === 'copy' && writesOutside(part)) {
      return 'it sends COPY to or from a file or a program of the server, which no transaction takes back.'
    }
    const call = dialect === 'postgres' && first !== 'create' ? STAYS.exec(sql)?.[1] : undefined
    if (call !== undefined) {
      return `it calls ${call.toLowerCase()}, and what that does no transaction takes back.`
    }
    if (dialect === 'postgres' && first === 'create' && second === 'subscription') {
      return 'it makes a subscription, which reaches another server.'
    }
  }
  return null
}

/** Savepoints are a step's own; SQLite's are let through in the one form that its session knows. */
function endsTransaction([first = '', second = '', third = '']: string[], dialect: Dialect): boolean {
  if (/^(?:begin|commit|end|abort)$/.test(first)) return true
  if (first === 'start' || first === 'prepare') return second === 'transaction'
  if (first !== 'rollback') return false
  const isToSavepoint =
    second === 'to' || (dialect === 'postgres' && /^(?:work|transaction)$/.test(second) && third === 'to')
  return !isToSavepoint
}

/** STDIN and STDOUT are this connection, which has no such stream. */
function writesOutside(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, text }, index) => {
    const next = tokens[index + 1]
    return (
      kind === 'word' && (text === 'to' || text === 'from') && (next?.kind === 'string' || next?.text === 'program')
    )
  })
}
