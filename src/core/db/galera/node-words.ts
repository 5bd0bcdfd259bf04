// What is said of a node that cannot be used, and of a whole cluster of them.
import type { Place } from '../../../shared/reaching.ts'
import { placeText } from '../../../shared/reaching.ts'
import { decide } from '../decide.ts'
import { withFailure } from '../failure-of.ts'
import type { Failure, FailureKind } from '../failure.ts'

const WORDS: Partial<Record<FailureKind, string>> = {
  refused: 'Nothing listens there.',
  'no-answer': 'It does not answer.',
  unreachable: 'There is no route to it.',
  'name-temporary': 'Its name cannot be looked up just now.',
  'name-unknown': 'No machine is known by its name.',
  starting: 'It is starting, stopping or recovering.',
  lost: 'It closed the connection.',
  'too-many-connections': 'It has no free connection.',
  'host-blocked': 'It blocks or does not know this machine.',
  authentication: 'It refused the user or the password.',
  tls: 'Its encrypted connection could not be verified.',
}

/** One sentence without the name of the node. */
export function wordsOf(failure: Failure): string {
  return failure.kind === 'not-in-cluster' && failure.code === UNFIT
    ? failure.message
    : (WORDS[failure.kind] ?? `It answered: ${failure.message}`)
}

/** The code of a failure that was read from a node's status; its message is the words. */
const UNFIT = 'ROSTER_NODE'

export function unfitNode(words: string): Error {
  return withFailure(new Error(words), { kind: 'not-in-cluster', code: UNFIT, message: words })
}

/** What concerns the login or the way to all nodes, so that the next one would answer the same. */
const ofAll: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'authentication',
  'no-privilege',
  'no-database',
  'unsafe',
  'tunnel',
  'host-key',
  'local',
])

export const concernsAll = ({ kind }: Failure) => ofAll.has(kind)

export interface NodeFailure {
  place: Place
  error: Error
  failure: Failure
}

/** The higher, the more a person can make of it. */
function rankOf({ kind }: Failure): number {
  if (kind === 'not-in-cluster') return 3
  if (kind === 'refused' || kind === 'no-answer' || kind === 'unreachable' || kind === 'lost') return 1
  return 2
}

const isWaitedFor = ({ failure }: NodeFailure) => decide(failure, 'connecting').startsWith('wait')

/**
 * Why none of several nodes can be used, the most useful first. `hasWorked`: one of them could be used before, so that waiting
 * comes before what a person would have to change (the certificate of one node, say).
 */
export function noneOf(failures: readonly NodeFailure[], hasWorked: boolean): Error {
  const first = (each: NodeFailure) => Number(isWaitedFor(each) === hasWorked)
  const sorted = [...failures].sort((a, b) => first(b) - first(a) || rankOf(b.failure) - rankOf(a.failure))
  const [lead] = sorted
  if (!lead) return new Error('There is no node to connect to.')
  const said = sorted.map(({ place, failure }) => `${placeText(place)}: ${wordsOf(failure)}`)
  const message =
    failures.length === 1
      ? `The node cannot be used. ${said[0]}`
      : `No node of the cluster can be used. ${said.join(' ')}`
  const hint = hintFor(sorted)
  const failure = { ...lead.failure, message: said.join(' '), told: { message, ...(hint && { hint }) } }
  return withFailure(new Error(message, { cause: lead.error }), failure)
}

function hintFor(failures: readonly NodeFailure[]): string | null {
  if (!failures.some(({ failure }) => failure.kind === 'not-in-cluster')) return null
  if (failures.some(({ failure }) => /non-Primary/.test(failure.message)))
    return 'Bring back the nodes that are missing: the cluster goes on when a majority of it is there. Where they are lost for good, an administrator can bootstrap it anew from the node with the highest wsrep_last_committed (pc.bootstrap).'
  return 'It goes on when a node is Synced and takes queries again.'
}
