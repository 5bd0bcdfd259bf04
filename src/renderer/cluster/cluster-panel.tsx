// The open profile's cluster, live: how it stands in a sentence, every node with its numbers, members beside the profile, moves.
import { ActionIcon, Button, VisuallyHidden } from '@mantine/core'
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { ClusterMove } from '../../shared/cluster.ts'
import type { Place } from '../../shared/reaching.ts'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { timeOfDay } from '../ui/wording.ts'
import { useCluster, type KnownCluster } from './cluster-states.ts'
import css from './cluster.module.css'
import { healthNews, pausedWords, placeOfMember, toneOf } from './node-words.ts'
import { NodesTable } from './nodes-table.tsx'
import { ToneIcon } from './tone-icon.tsx'

interface ClusterPanelProps {
  profileId: string
  /** Leads to the form of the profile, with this node in it. */
  onAddNode: (place: Place) => void
  onClose: () => void
}

export function ClusterPanel({ profileId, onAddNode, onClose }: ClusterPanelProps) {
  const known = useCluster(profileId)
  const panel = useRef<HTMLElement>(null)
  useReturnFocus()
  useEffect(() => panel.current?.focus(), [])
  return (
    <section
      ref={panel}
      className={css.panel}
      aria-label="Cluster"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.stopPropagation()
        onClose()
      }}
    >
      <div className={css.head}>
        <h2 className={css.title}>Cluster{known?.state.name ? ` ${known.state.name}` : ''}</h2>
        <span className={css.asked}>{known && askedWords(known)}</span>
        <ActionIcon aria-label="Close the cluster" onClick={onClose}>
          <X size={15} />
        </ActionIcon>
      </div>
      <div className={css.body}>{known ? <Shown known={known} onAddNode={onAddNode} /> : <p>Asking the nodes…</p>}</div>
      <News known={known} />
    </section>
  )
}

function askedWords({ state, isLive }: KnownCluster): string {
  const at = timeOfDay(state.at)
  return isLive ? `Asked every second, last at ${at}` : `Not connected. The last answers, of ${at}:`
}

interface ShownProps {
  known: KnownCluster
  onAddNode: (place: Place) => void
}

function Shown({ known: { state, isLive, names }, onAddNode }: ShownProps) {
  const { nodes, others, outlook, moves } = state
  const tone = toneOf(state)
  const [first, ...further] = outlook
  const paused = pausedWords(nodes)
  return (
    <div data-stale={!isLive || undefined}>
      {first !== undefined && (
        <p className={css.outlook} data-tone={tone}>
          <ToneIcon tone={tone} size={16} /> {first}
        </p>
      )}
      <NodesTable nodes={nodes} names={names} />
      <div className={css.below}>
        <section aria-label="What it means" className={css.part}>
          <h3 className={css.partTitle}>What it means</h3>
          <ul className={css.sentences}>
            {paused !== null && <li data-warn>{paused}</li>}
            {further.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
            {others.map((address) => (
              <Other key={address} address={address} onAddNode={onAddNode} />
            ))}
            {paused === null && further.length + others.length === 0 && <li>Nothing beyond the sentence above.</li>}
          </ul>
        </section>
        <Moves moves={moves} />
      </div>
    </div>
  )
}

function Other({ address, onAddNode }: { address: string; onAddNode: (place: Place) => void }) {
  const place = placeOfMember(address)
  return (
    <li>
      {address} is a member that the profile does not name, so it is neither watched nor moved to.{' '}
      {place && (
        <Button size="compact-xs" onClick={() => onAddNode(place)}>
          Add to the profile…
        </Button>
      )}
    </li>
  )
}

function Moves({ moves }: { moves: readonly ClusterMove[] }) {
  return (
    <section aria-label="Moves" className={css.part}>
      <h3 className={css.partTitle}>Moves of this profile’s sessions</h3>
      {moves.length === 0 ? (
        <p className={css.none}>None since the profile was opened.</p>
      ) : (
        <ol className={css.moves}>
          {moves.map(({ at, from, to, why }) => (
            <li key={at}>
              <time className={css.at}>{timeOfDay(at)}</time>
              <span>
                from {from} to {to}: {why}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

/** For screen readers: spoken when a node's health changes, and at no other time. */
function News({ known }: { known: KnownCluster | null }) {
  const [before, setBefore] = useState(known?.state)
  const [words, setWords] = useState('')
  const now = known?.state
  if (now !== before) {
    const news = before && now ? healthNews(before, now) : ''
    setBefore(now)
    if (news !== '') setWords(news)
  }
  return <VisuallyHidden role="status">{words}</VisuallyHidden>
}
