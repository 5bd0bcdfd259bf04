// The cluster of the open profile in the status bar: its name, how many nodes are healthy, which one is written.
import type { DatabaseFacts } from '../../shared/profiles.ts'
import { useCluster } from './cluster-states.ts'
import css from './cluster.module.css'
import { healthyCount, nameOf, toneOf, writtenNode } from './node-words.ts'
import { ToneIcon } from './tone-icon.tsx'

interface ClusterChipProps {
  profileId: string
  cluster: NonNullable<DatabaseFacts['cluster']>
  isOpen: boolean
  onToggle: () => void
}

export function ClusterChip({ profileId, cluster, isOpen, onToggle }: ClusterChipProps) {
  const known = useCluster(profileId)
  const tone = known?.isLive ? toneOf(known.state) : known ? 'warn' : null
  const written = known && writtenNode(known.state)
  const healthy = known && `${healthyCount(known.state)} of ${known.state.nodes.length} healthy`
  const words = known?.isLive ? healthy : known ? 'not connected' : 'asking'
  const node = written ? nameOf(written, known.names) : cluster.node
  const isStopped = known?.isLive === true && healthyCount(known.state) === 0
  return (
    <button
      type="button"
      className={css.chip}
      data-tone={tone ?? undefined}
      aria-expanded={isOpen}
      aria-label={`Cluster ${cluster.name}: ${words}, ${isStopped ? 'none' : node} is written`}
      title="The nodes of the cluster"
      onClick={onToggle}
    >
      {tone && <ToneIcon tone={tone} size={13} />}
      <span className={css.chipName}>{cluster.name}</span>
      <span className={css.chipCount}>{words}</span>
      <span className={css.chipNode}>writes: {isStopped ? 'none' : node}</span>
    </button>
  )
}
