// Values that the server changed to make them fit, of which it says so in a note only: 1.005 in a DECIMAL(5,2), a time of day
// in a DATE. Strict mode refuses what is lost before the point, not what is lost behind it.
import { clean } from './clean.ts'
import type { Answer } from './wire.ts'

/** Out of range, truncated, incorrect, too long. */
const BENT = new Set([1264, 1265, 1292, 1366, 1406])

/** The first of the last statement's notes that says so, as the error it should have been; null when there is none. */
export async function bentValue(ask: (sql: string) => Promise<Answer>): Promise<Error | null> {
  const { rows } = await ask('SHOW WARNINGS')
  const told = rows?.map(([, code, message]) => ({ errno: Number(code), message: message?.toString('utf8') ?? '' }))
  const found = told?.find(({ errno }) => BENT.has(errno))
  return found ? clean(Object.assign(new Error(found.message), { errno: found.errno })) : null
}
