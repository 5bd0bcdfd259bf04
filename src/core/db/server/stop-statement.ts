// Ends what runs on a connection, in the database and not only here, and tells whether the connection can be used again.
import { placeText } from '../../../shared/reaching.ts'
import type { Log } from '../../log.ts'
import type { Aside } from './aside.ts'
import type { PooledLink } from './pooled-link.ts'
import type { Failure } from '../failure.ts'
import type { Link } from './link.ts'
import type { Read, ServerDialect } from './server-dialect.ts'
import { settlesWithin } from '../waiting.ts'

/** Milliseconds after which the socket is ended, whatever the server has said. */
const LIMIT = 3_000
/** Milliseconds for the statement to end once the server was told; then the whole session is ended. */
const STATEMENT_LIMIT = 1_000
const PING_LIMIT = 2_000

export interface Stopping {
  dialect: ServerDialect
  aside: Aside
  classify(error: unknown): Failure | null
  log: Log
}

/** One address may lead to several nodes of a cluster: there the number is the session of somebody else, or of nobody. */
const isOneNode = (link: Pick<Link, 'galera'>, beside: Pick<Link, 'galera'>) =>
  link.galera?.node === beside.galera?.node

function refuseElsewhere(link: Pick<Link, 'galera'>, beside: Pick<Link, 'galera'>): void {
  if (isOneNode(link, beside)) return
  throw new Error(
    `The address leads to ${beside.galera?.node ?? 'another server'} now, not to ${link.galera?.node ?? 'the same one'}.`,
  )
}

/** Resolves after 3 s and a ping at most; true when the connection is in order and nothing of it is under way any more. */
export async function stopStatement(member: PooledLink, stopping: Stopping): Promise<boolean> {
  const { dialect, aside, log } = stopping
  const { session, at, isPooled } = member.link
  if (member.runningSince === null) return !member.isGone
  const told = aside
    .ask(
      'runtime',
      LIMIT,
      async (read, beside) => {
        if (member.runningSince === null) return
        refuseElsewhere(member.link, beside)
        await read(dialect.stopStatement(session, isPooled))
        if (await settlesWithin(member.ended(), STATEMENT_LIMIT)) return
        await read(dialect.stopSession(session, isPooled))
      },
      at,
    )
    .catch((error: unknown) => log('warn', `Session ${session} could not be told to stop.`, error))
  if (!(await settlesWithin(member.ended(), LIMIT))) {
    member.lose(new Error('The statement did not end in time.'))
    return false
  }
  // A word that is still on its way could stop the next statement instead.
  await told
  return !member.isGone && (await isInOrder(member, stopping))
}

async function isInOrder(member: PooledLink, stopping: Stopping): Promise<boolean> {
  // The first ping takes the cancellation that came too late for its statement.
  for (const isLast of [false, true]) {
    const ping = member.run(member.holder?.sql ?? '', () => member.link.ping())
    const error: unknown = (await settlesWithin(ping, PING_LIMIT))
      ? await ping.then(
          () => null,
          (thrown: unknown) => thrown,
        )
      : new Error('No answer to a ping after cancelling.')
    // A failed transaction still answers: that is its own matter, and is rolled back.
    const kind = error === null ? null : stopping.classify(error)?.kind
    if (kind === null || kind === 'failed-transaction') return true
    if (isLast || kind !== 'cancelled') member.lose(error as Error)
    if (member.isGone) return false
  }
  return false
}

/** Ends a session from elsewhere, for a connection that is given up while something runs on it. Never rejects. */
export async function stopSession(link: Link, { dialect, aside, log }: Stopping): Promise<void> {
  const { session, at, isPooled } = link
  const stop = async (read: Read, beside: Pick<Link, 'galera'>) => {
    refuseElsewhere(link, beside)
    await read(dialect.stopSession(session, isPooled))
  }
  await aside
    .ask('runtime', LIMIT, stop, at)
    .catch((error: unknown) => log('info', `Session ${session} was not ended from elsewhere.`, error))
}

/** The same for several at once, each where it is. `limit` in milliseconds. Never rejects. */
export async function stopSessions(
  members: readonly PooledLink[],
  limit: number,
  { dialect, aside, log }: Stopping,
): Promise<void> {
  const groups = Map.groupBy(members, ({ link }) => (link.at ? placeText(link.at) : ''))
  const stopAll = (group: readonly PooledLink[]) =>
    aside
      .ask(
        'runtime',
        limit,
        async (read, beside) => {
          for (const { link } of group.filter((member) => isOneNode(member.link, beside)))
            await read(dialect.stopSession(link.session, link.isPooled)).catch(() => undefined)
        },
        group[0]?.link.at,
      )
      .catch((error: unknown) => log('info', 'What was running could not be ended on the server.', error))
  await Promise.all([...groups.values()].map(stopAll))
}
