// Told where the person is: the sessions of the open profile went to another node. It asks for nothing and stays until dismissed.
import { ActionIcon, Button } from '@mantine/core'
import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import type { ClusterMove } from '../../shared/cluster.ts'
import { useConnection } from '../ui/connection-states.ts'
import { Notice } from '../ui/notice.tsx'
import css from './cluster.module.css'
import { moveWords } from './move-words.ts'

/** The last move of each profile that a person has read, by its time. */
const dismissed = new Map<string, number>()
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function dismiss(profileId: string, { at }: ClusterMove): void {
  dismissed.set(profileId, at)
  listeners.forEach((listener) => listener())
}

interface MoveNoticeProps {
  profileId: string
  /** Staged changes of the profile. */
  staged: number
  /** Opens the panel; undefined while it is open. */
  onShow: (() => void) | undefined
}

export function MoveNotice({ profileId, staged, onShow }: MoveNoticeProps) {
  const connection = useConnection(profileId)
  const read = useSyncExternalStore(subscribe, () => dismissed.get(profileId))
  const moved = connection?.state === 'open' ? connection.moved : undefined
  const isNew = moved !== undefined && (read === undefined || moved.at > read)
  // The region stays, so that a screen reader notices what comes into it.
  return (
    <div role="status" className={css.moveRegion}>
      {isNew && (
        <Notice
          tone="warn"
          actions={
            <>
              {onShow && <Button onClick={onShow}>Show the cluster</Button>}
              <ActionIcon aria-label="Dismiss" onClick={() => dismiss(profileId, moved)}>
                <X size={15} />
              </ActionIcon>
            </>
          }
        >
          {moveWords(moved, staged)}
        </Notice>
      )}
    </div>
  )
}
