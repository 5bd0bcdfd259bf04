// A move of the sessions to another node, in words: why, whereto, and what became of the person's work.
import type { ClusterMove } from '../../shared/cluster.ts'
import { plural, timeOfDay } from '../ui/wording.ts'

/** "db1:3306: It is not in the cluster (non-Primary). Sessions go to db2:3306 since 14:02:11. 2 staged edits are kept." */
export function moveWords({ at, from, to, why }: ClusterMove, staged: number): string {
  const kept = staged > 0 ? ` ${plural(staged, 'staged edit')} ${staged === 1 ? 'is' : 'are'} kept.` : ''
  const reason = /[.!?]$/.test(why) ? why : `${why}.`
  return `${from}: ${reason} Sessions go to ${to} since ${timeOfDay(at)}.${kept}`
}
