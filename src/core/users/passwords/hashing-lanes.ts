// How many processes hash side by side: a password for thousands of users is thousands of hashes, each slow on purpose.
import { availableParallelism } from 'node:os'
import type { ToHash } from './hashing-protocol.ts'

/** At most; a core is left to everybody else. */
export const LANES = Math.max(1, Math.min(4, availableParallelism() - 1))
/** Bytes that their hashes may take together. */
const MEMORY = 1024 ** 3

/** Counts of hashes, one for each process. A process for one hash alone is not worth its start. */
export function countsOf({ choice, count }: Pick<ToHash, 'choice' | 'count'>, most: number): number[] {
  const bytes = bytesOf(choice)
  const fitting = bytes === 0 ? most : Math.floor(MEMORY / bytes)
  const lanes = Math.max(1, Math.min(most, fitting, Math.floor(count / 2)))
  return Array.from({ length: lanes }, (_, lane) => Math.floor((count + lane) / lanes))
}

/** What one hash takes, where that is much. */
function bytesOf({ scheme, cost: { m = 0, n = 0, r = 1 } }: ToHash['choice']): number {
  if (scheme.endsWith('scrypt')) return 128 * n * r
  return scheme.includes('argon2') ? m * 1024 : 0
}
