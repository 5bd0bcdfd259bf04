// Sessions on the server: who is there, how to end one, and what became of one that is gone.
import type { Statement } from '../database.ts'
import type { Read } from '../server/server-dialect.ts'
import type { Answer } from './wire.ts'

/** PROCESSLIST shows everyone's own sessions, whatever the login may do. MySQL 8 has it too, under the same name. */
const FROM = 'FROM information_schema.PROCESSLIST WHERE ID ='

/** A session's number, checked: KILL takes no bound value everywhere. */
function numberOf(session: string): bigint {
  return BigInt(session)
}

export const stopStatement = (session: string): Statement => ({ sql: `KILL QUERY ${numberOf(session)}`, values: [] })
export const stopSession = (session: string): Statement => ({ sql: `KILL CONNECTION ${numberOf(session)}`, values: [] })

export async function sessionState(read: Read, session: string): Promise<{ isThere: boolean; isRunning: boolean }> {
  const { rows } = await read({ sql: `SELECT COMMAND ${FROM} ?`, values: [numberOf(session)] })
  const [command] = rows[0] ?? []
  return { isThere: rows.length > 0, isRunning: rows.length > 0 && command !== 'Sleep' }
}

/** The client's address and port as the server sees it: a server that was started again gives the same numbers to others. */
export async function placeOf(ask: (sql: string) => Promise<Answer>): Promise<string> {
  const { rows } = await ask(`SELECT HOST ${FROM} CONNECTION_ID()`)
  return rows?.[0]?.[0]?.toString('utf8') ?? ''
}

/** `mark` is the session's number and place. There is no way to ask for a transaction; rows tell once the session is gone. */
export async function outcomeOf(read: Read, mark: string): Promise<'in-progress' | 'ended'> {
  const [session = '', place = ''] = mark.split(' ')
  const { rows } = await read({ sql: `SELECT HOST ${FROM} ?`, values: [numberOf(session)] })
  return rows[0]?.[0] === place ? 'in-progress' : 'ended'
}
