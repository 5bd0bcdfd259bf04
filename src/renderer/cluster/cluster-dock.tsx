// Where a cluster is shown: moves above the content of the open profile, and the panel of its nodes below.
import type { ReactNode } from 'react'
import type { DatabaseFacts, Profile } from '../../shared/profiles.ts'
import { placeText, type Place } from '../../shared/reaching.ts'
import { ClusterPanel } from './cluster-panel.tsx'
import css from './cluster.module.css'
import { MoveNotice } from './move-notice.tsx'

interface ClusterDockProps {
  /** Null where nothing is open. */
  profile: Profile | null
  facts: DatabaseFacts | undefined
  staged: number
  isOpen: boolean
  onOpen: () => void
  onClose: () => void
  /** Opens the form with the profile as it would be. */
  onEdit: (profile: Profile) => void
  children: ReactNode
}

export function ClusterDock({ profile, facts, staged, isOpen, onOpen, onClose, onEdit, children }: ClusterDockProps) {
  const mysql = profile?.dialect === 'mysql' ? profile : null
  const isShown = isOpen && facts?.cluster !== undefined
  const addNode = ({ host, port }: Place) => {
    if (!mysql) return
    const isThere = [mysql, ...mysql.nodes].some((node) => placeText(node) === placeText({ host, port }))
    onEdit(isThere ? mysql : { ...mysql, nodes: [...mysql.nodes, { host, port }] })
  }
  return (
    <div className={css.dock}>
      {mysql && <MoveNotice profileId={mysql.id} staged={staged} onShow={isShown ? undefined : onOpen} />}
      <div className={css.content}>{children}</div>
      {mysql && isShown && <ClusterPanel key={mysql.id} profileId={mysql.id} onAddNode={addNode} onClose={onClose} />}
    </div>
  )
}
