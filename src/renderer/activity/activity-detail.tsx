// One statement whole: its SQL, its values, and what became of it.
import { ActionIcon, Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Check, Copy, X } from 'lucide-react'
import type { ActivityEntry } from '../../shared/activity.ts'
import { plural } from '../ui/wording.ts'
import { entryText, rowsInWords, spentInWords, timeInWords } from './activity-words.ts'
import css from './activity.module.css'

export function ActivityDetail({ entry, onClose }: { entry: ActivityEntry; onClose: () => void }) {
  const { copied, copy } = useClipboard()
  const { at, role, sql, values, times, error } = entry
  const facts = [timeInWords(at), role, spentInWords(entry), rowsInWords(entry)]
  return (
    <div className={css.detail} role="region" aria-label="Statement">
      <div className={css.detailHead}>
        <span>{facts.filter(Boolean).join(', ')}</span>
        <Button leftSection={copied ? <Check size={13} /> : <Copy size={13} />} onClick={() => copy(entryText(entry))}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <ActionIcon aria-label="Close statement" onClick={onClose}>
          <X size={14} />
        </ActionIcon>
      </div>
      {error !== null && (
        <p className={css.error}>{error === 'cancelled' ? 'Cancelled: nobody waited for it.' : error}</p>
      )}
      <pre className={css.whole} tabIndex={0} aria-label="SQL">
        {sql}
      </pre>
      {times > 1 && (
        <p className={css.fact}>Sent {plural(times, 'time')} in a row; the values are those of one time.</p>
      )}
      {values.length > 0 && (
        <ol className={css.valueList} aria-label="Values">
          {values.map((value, index) => (
            <li key={index}>{value}</li>
          ))}
        </ol>
      )}
    </div>
  )
}
