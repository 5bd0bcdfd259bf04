// Who has the connections of a pool, and the words for "all are in use", which name the one who has had his the longest.
import type { PoolHolder } from '../../../shared/connections.ts'
import { unavailable, type Refusal } from '../../refusal.ts'

/** Characters of SQL in the message. */
const SQL_IN_WORDS = 120

/** `limit`: connections that may be in use now. `isShrunk`: the server has no more to give. */
export function busy(holders: readonly PoolHolder[], limit: number, isShrunk: boolean): Refusal {
  const longest = [...holders].sort((a, b) => a.since - b.since)[0]
  const all = limit === 1 ? 'The only connection is in use.' : `All ${limit} connections are in use.`
  const who = longest ? ` ${limit === 1 ? 'It' : 'The longest'} has been ${inWords(longest)}` : ''
  const hint = isShrunk
    ? 'The server has no free connection to give. Wait, or end sessions that are not needed.'
    : 'Wait or cancel it, or give the profile a larger pool (DB_POOL_SIZE).'
  return unavailable('busy', all + who, hint)
}

function inWords({ use, since, sql }: PoolHolder): string {
  const seconds = Math.round((Date.now() - since) / 1000)
  const text = sql?.replaceAll(/\s+/g, ' ').trim()
  if (!text) return `${use} for ${seconds} s.`
  return `${use} for ${seconds} s: ${text.length > SQL_IN_WORDS ? `${text.slice(0, SQL_IN_WORDS)}…` : text}`
}
