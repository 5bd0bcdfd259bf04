// Beside the Save button on a cluster: that what is staged makes a long transaction, or several, and why that matters.
import { Popover } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { CLUSTER_MOST_CHANGES, CLUSTER_WARNS_AT } from '../../shared/cluster.ts'
import { count } from '../ui/wording.ts'
import css from './table-screen.module.css'

export function LongSave({ changes }: { changes: number }) {
  if (changes < CLUSTER_WARNS_AT) return null
  const isApart = changes > CLUSTER_MOST_CHANGES
  return (
    <Popover position="bottom-end" shadow="sm" width={400} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={css.long}>
          <TriangleAlert size={14} aria-hidden /> {isApart ? 'Several parts' : 'Long'}
        </button>
      </Popover.Target>
      <Popover.Dropdown tabIndex={-1} data-autofocus>
        <p className={css.longWords}>
          On a Galera cluster a transaction is certified as a whole, and every node has to apply it. From about{' '}
          {count(CLUSTER_WARNS_AT)} changes on, other writers notice: they wait, and one row that somebody else changed
          at the same time undoes all of it.
        </p>
        <p className={css.longWords}>
          {isApart
            ? `One transaction has at most ${count(CLUSTER_MOST_CHANGES)} changes, so these are saved in several, each by itself. Saving says how many before it begins.`
            : 'Saving a part of them first makes shorter transactions.'}
        </p>
      </Popover.Dropdown>
    </Popover>
  )
}
