// What became of a COMMIT whose node may be gone.
//
// When the answer to COMMIT is lost with its node, nobody is left who could be asked about the session. A write set is in the
// group's one order or it is not: the members of a Primary component deliver the same write sets before they install the view
// that leaves a node out, and none of that node's afterwards. So once the component has left the old node out, what is in the
// rows there is final, provided that they are read with a wait for the cluster (`WrittenNode.epoch`), which orders the read
// behind all that was delivered. Before that it is not: the write set may be on its way, and a read that finds the old values
// would be contradicted a second later.
//
// A node that was only paused wakes up believing that it is a member. What it had sent before the pause the others have, or
// have dropped with the view. What it sends now carries the old view, which the others ignore; then it notices, becomes
// non-Primary, and its own COMMIT ends in an error. What remains is a session that was stopped before it sent anything and
// comes to it only after its node has been let in again: its write set would be certified anew, against everything that was
// committed since. That takes a stall of this one thread for longer than the whole node needs to notice, leave and come back.
// It cannot be told from outside, so it is made less likely and not excluded: as long as the old node answers, its session
// must be gone too, whatever the others say.
import type { Failure } from '../failure.ts'
import type { Login } from '../server/link.ts'
import type { Read, ServerDialect } from '../server/server-dialect.ts'
import { asNode, failureIn } from './connect-node.ts'
import type { NodeMark } from './mark.ts'
import { isPrimary, nodeTold, type NodeTold } from './node-status.ts'
import { isSame, type WrittenNode } from './written-node.ts'

/** Milliseconds for asking the old node. */
const OLD_LIMIT = 2_000

export interface OutcomeParts {
  inner: ServerDialect
  written: WrittenNode
  login: () => Promise<Login>
}

/** `read` is on the node that is written now. */
export async function outcomeOnCluster(
  { inner, written, login }: OutcomeParts,
  read: Read,
  mark: NodeMark,
): Promise<'in-progress' | 'ended'> {
  if (isSame(mark.place, written.place)) return outcomeThere(inner, read, mark)
  // Of servers that are no cluster one says nothing about the other.
  if (mark.uuid === '') return 'in-progress'
  const [old, now] = await Promise.all([askOld(inner, await login(), mark), membersNow(read)])
  if (!now || old === 'there') return 'in-progress'
  // Another history under the same addresses: nothing here tells about the old one.
  if (mark.history !== '' && now.history !== mark.history) return 'in-progress'
  const isMember = await hasMember(read, now, mark)
  if (isMember === null) return 'in-progress'
  // It answers, its session is gone, and it is in the same component: what it has committed is in the one order.
  if (typeof old === 'object' && isPrimary(old.status) && old.history === now.history && isMember) return 'ended'
  return isMember ? 'in-progress' : 'ended'
}

/** Of the node that is written still; but one address may lead to several nodes, and then the session may live on another. */
async function outcomeThere(inner: ServerDialect, read: Read, mark: NodeMark): Promise<'in-progress' | 'ended'> {
  const found = isOver(await inner.outcomeOf(read, mark.session))
  if (found === 'in-progress' || mark.uuid === '') return found
  const now = await membersNow(read)
  if (!now) return 'in-progress'
  if (now.status.uuid === mark.uuid) return 'ended'
  if (mark.history !== '' && now.history !== mark.history) return 'in-progress'
  // A node that was started again has a new number, its old address, and none of its sessions.
  if (mark.address !== '' && now.address === mark.address && !hasShared(now)) return 'ended'
  return (await hasMember(read, now, mark)) === false ? 'ended' : 'in-progress'
}

const hasShared = ({ status: { members } }: NodeTold) => new Set(members).size < members.length

const isOver = (found: Awaited<ReturnType<ServerDialect['outcomeOf']>>) => (found === 'in-progress' ? found : 'ended')

/** `there`: the session is. What the node says of itself: the session is gone. `silent`: it cannot be asked. */
async function askOld(inner: ServerDialect, login: Login, { place, session }: NodeMark) {
  const until = Date.now() + OLD_LIMIT
  const signal = AbortSignal.timeout(OLD_LIMIT)
  const at = { ...login, ...place, nodes: [] }
  try {
    const { link, told } = await asNode(inner, at, place, until, { signal, onPhase: () => undefined })
    const giveUp = () => link.destroy()
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      const found = await inner.outcomeOf((statement) => link.query(statement), session)
      return found === 'in-progress' ? 'there' : (told ?? 'silent')
    } finally {
      signal.removeEventListener('abort', giveUp)
      link.destroy()
    }
  } catch (error) {
    return silentOr(failureIn(inner, error))
  }
}

/** One that answers but lets nobody in may still have the session. */
const silentOr = ({ kind }: Failure) =>
  kind === 'too-many-connections' || kind === 'host-blocked' || kind === 'authentication' || kind === 'tls'
    ? ('there' as const)
    : ('silent' as const)

/** Null unless the node that is asked is in a Primary component. */
async function membersNow(read: Read): Promise<NodeTold | null> {
  const { rows } = await read({ sql: "SHOW GLOBAL STATUS LIKE 'wsrep\\_%'", values: [] })
  const told = nodeTold(new Map(rows.map(([name, value]) => [String(name).toLowerCase(), String(value ?? '')])))
  return isPrimary(told.status) ? told : null
}

/** Whether the component counts the old node in; null when that cannot be told. */
async function hasMember(read: Read, now: NodeTold, { uuid, address }: NodeMark): Promise<boolean | null> {
  const { status } = now
  if (address !== '' && status.members.length === status.size && !hasShared(now))
    return status.members.includes(address)
  // The table tells nodes apart for certain, where the login may read it. It is renewed with every view.
  const uuids = await read({ sql: 'SELECT node_uuid FROM mysql.wsrep_cluster_members', values: [] }).then(
    ({ rows }) => rows.map(([cell]) => String(cell)),
    () => null,
  )
  return uuids?.length === status.size ? uuids.includes(uuid) : null
}
