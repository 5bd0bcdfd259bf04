// The connections of the open profile in the status bar: used, idle, waiting and the limit; a click shows who has them.
import { Button, Popover } from '@mantine/core'
import { useState } from 'react'
import type { PoolState } from '../../shared/connections.ts'
import { PoolPanel } from './pool-panel.tsx'
import { usePool } from './use-pool.ts'
import css from './pool-gauge.module.css'

interface PoolGaugeProps {
  profileId: string
  /** Shows the nodes of the cluster; absent for any other server. */
  onCluster?: () => void
}

export function PoolGauge({ profileId, onCluster }: PoolGaugeProps) {
  const [isOpen, setOpen] = useState(false)
  const pool = usePool(profileId, false)
  if (!pool) return null
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="top-end"
      width={560}
      shadow="md"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <button
          type="button"
          className={css.gauge}
          data-full={pool.waiting > 0 || undefined}
          aria-label={`Connections: ${spoken(pool)}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={css.bar} aria-hidden>
            <span className={css.used} style={{ width: share(pool.used, pool.limit) }} />
            <span className={css.idle} style={{ width: share(pool.idle, pool.limit) }} />
          </span>
          <span aria-hidden>
            {pool.used}/{pool.limit} in use, {pool.idle} idle
            {pool.waiting > 0 && <strong>, {pool.waiting} waiting</strong>}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <PoolPanel profileId={profileId} />
        {onCluster && (
          <div className={css.further}>
            <Button
              onClick={() => {
                setOpen(false)
                onCluster()
              }}
            >
              Nodes of the cluster
            </Button>
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function share(part: number, limit: number): string {
  return `${Math.min(100, (100 * part) / Math.max(1, limit))}%`
}

function spoken({ used, idle, waiting, limit }: PoolState): string {
  return `${used} of ${limit} in use, ${idle} idle, ${waiting} waiting`
}
