// One row for each node of the profile: is it healthy and why not, and the numbers that tell how it keeps up.
import { CircleAlert, CircleCheck, CircleX, PencilLine } from 'lucide-react'
import type { ClusterNode } from '../../shared/cluster.ts'
import { placeText } from '../../shared/reaching.ts'
import { count, duration, plural } from '../ui/wording.ts'
import type { Names } from './cluster-states.ts'
import css from './cluster.module.css'
import {
  behindOf,
  committedWords,
  flushWords,
  healthOf,
  healthWords,
  nameOf,
  PAUSED_WARNS_AT,
  percent,
  shortVersion,
} from './node-words.ts'

const icons = { healthy: CircleCheck, unfit: CircleAlert, silent: CircleX }

/** Name, width in pixels, and what the column is about. Health takes what is left. */
const COLUMNS = [
  { name: 'Node', width: 152, about: 'wsrep_node_name, and where Roster reaches it' },
  { name: 'Health', width: undefined, about: 'Usable: ready, Primary, Synced, and not rejecting queries' },
  { name: 'Group', width: 88, about: 'wsrep_cluster_status and wsrep_cluster_size as this node sees them' },
  {
    name: 'Writers paused',
    width: 104,
    about: 'wsrep_flow_control_paused since the last look: share of the time in which the cluster made writers wait',
  },
  {
    name: 'Received',
    width: 70,
    about: 'wsrep_local_recv_queue: write sets that wait to be applied here',
    isNumber: true,
  },
  { name: 'To send', width: 62, about: 'wsrep_local_send_queue: write sets that wait to go out', isNumber: true },
  {
    name: 'Last committed',
    width: 106,
    about: 'wsrep_last_committed, and how many write sets the most advanced node is ahead',
    isNumber: true,
  },
  { name: 'Log to disk', width: 108, about: 'innodb_flush_log_at_trx_commit' },
  { name: 'Versions', width: 104, about: 'Versions of the server and of wsrep_provider' },
  { name: 'Answer', width: 62, about: 'How long the answer to the last look took', isNumber: true },
]

interface NodesTableProps {
  nodes: readonly ClusterNode[]
  names: Names
}

export function NodesTable({ nodes, names }: NodesTableProps) {
  return (
    <div className={css.tableArea} tabIndex={0} role="region" aria-label="Nodes of the profile">
      <table className={css.table}>
        <colgroup>
          {COLUMNS.map(({ name, width }) => (
            <col key={name} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {COLUMNS.map(({ name, about, isNumber }) => (
              <th key={name} scope="col" title={about} data-number={isNumber || undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <NodeRow key={placeText(node)} node={node} nodes={nodes} name={nameOf(node, names)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface NodeRowProps {
  node: ClusterNode
  nodes: readonly ClusterNode[]
  name: string
}

function NodeRow({ node, nodes, name }: NodeRowProps) {
  const health = healthOf(node)
  const Icon = icons[health]
  const { status } = node
  return (
    <tr data-health={health}>
      <th scope="row">
        <div className={css.name}>
          <span className={css.cut} title={name}>
            {name}
          </span>
          {node.isWritten && (
            <span className={css.written} title="Sessions of this profile write to this node">
              <PencilLine size={11} aria-hidden /> written
            </span>
          )}
        </div>
        {name !== placeText(node) && (
          <div className={`${css.second} ${css.cut}`} title={placeText(node)}>
            {placeText(node)}
          </div>
        )}
      </th>
      <td>
        <span className={css.badge} data-health={health}>
          <Icon size={13} aria-hidden /> {healthWords[health]}
        </span>
        <div className={css.second}>{node.words}</div>
      </td>
      {status ? <Numbers node={node} status={status} nodes={nodes} /> : <NotKnown columns={COLUMNS.length - 3} />}
      <td data-number>{node.ms === null ? <Dash /> : duration(node.ms)}</td>
    </tr>
  )
}

interface NumbersProps {
  node: ClusterNode
  status: NonNullable<ClusterNode['status']>
  nodes: readonly ClusterNode[]
}

function Numbers({ node, status, nodes }: NumbersProps) {
  const behind = behindOf(node, nodes)
  const flush = flushWords(status.flushLogAtCommit)
  const isPrimary = status.clusterStatus === 'Primary'
  return (
    <>
      <td>
        <span data-bad={!isPrimary || undefined}>{status.clusterStatus}</span>
        <div className={css.second}>{plural(status.size, 'node')}</div>
      </td>
      <td>
        <Paused share={status.flowControlPaused} />
      </td>
      <td data-number>{count(status.receiveQueue)}</td>
      <td data-number>{count(status.sendQueue)}</td>
      <td data-number>
        {committedWords(status.lastCommitted)}
        <div className={css.second}>{behind === null ? '' : behindWords(behind)}</div>
      </td>
      <td title={flush.whole}>{flush.short}</td>
      <td title={`${status.version}, Galera ${status.providerVersion}`}>
        <div className={css.cut}>{shortVersion(status.version)}</div>
        <div className={`${css.second} ${css.cut}`}>Galera {shortVersion(status.providerVersion)}</div>
      </td>
    </>
  )
}

/** Nodes are asked one after the other, so that a few on the way are no delay. */
function behindWords(behind: bigint): string {
  return behind === 0n ? 'up to date' : `${behind.toLocaleString('en-US')} behind`
}

function Paused({ share }: { share: number }) {
  const isMuch = share > PAUSED_WARNS_AT
  return (
    <span className={css.paused} data-much={isMuch || undefined}>
      <span className={css.pausedBar} aria-hidden>
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      {percent(share)}
    </span>
  )
}

function NotKnown({ columns }: { columns: number }) {
  return Array.from({ length: columns }, (_, index) => (
    <td key={index} data-number={COLUMNS[index + 2]?.isNumber}>
      <Dash />
    </td>
  ))
}

function Dash() {
  return (
    <span className={css.unknown} aria-label="not known">
      –
    </span>
  )
}
