// What the steps did when they were rehearsed: each table before and after, and its rows; losses stand out.
import { Button } from '@mantine/core'
import { CircleAlert, Pencil, Plus, Rows3, Trash2, type LucideIcon } from 'lucide-react'
import { useState } from 'react'
import type { TableChange } from '../../../shared/migration-runs.ts'
import { Notice } from '../../ui/notice.tsx'
import { count, plural } from '../../ui/wording.ts'
import { DiffView } from '../folder/diff-view.tsx'
import { Tag } from '../plan/tag.tsx'
import type { RehearsalEnd } from './rehearsal-state.ts'
import { changeOf, rowsLost, rowWords } from './rehearsal-words.ts'
import css from './rehearsal.module.css'

type Change = ReturnType<typeof changeOf>

const looks: Record<Change, { icon: LucideIcon; word: string; tone: 'note' | 'good' | 'warn' | 'bad' }> = {
  new: { icon: Plus, word: 'New', tone: 'good' },
  dropped: { icon: Trash2, word: 'Dropped', tone: 'bad' },
  changed: { icon: Pencil, word: 'Changed', tone: 'note' },
  rows: { icon: Rows3, word: 'Rows only', tone: 'note' },
}
const tones = { done: 'good', failed: 'bad', cancelled: 'warn' } as const

/** Tables drawn at once. */
const SHOWN = 50

export function RehearsalResult({ end: { outcome, message, changes, unchanged } }: { end: RehearsalEnd }) {
  const [limit, setLimit] = useState(SHOWN)
  const lost = rowsLost(changes)
  // What loses rows comes first, so that it is among what is drawn.
  const sorted = [...changes].sort((a, b) => rowsLost([b]) - rowsLost([a]))
  return (
    <>
      <div role="status">
        <Notice tone={tones[outcome]}>{message}</Notice>
      </div>
      {lost > 0 && (
        <Notice tone="bad">
          <strong>{plural(lost, 'row')} would be lost.</strong> The tables that lose them come first.
        </Notice>
      )}
      {sorted.slice(0, limit).map((change) => (
        <Table key={change.name} change={change} />
      ))}
      {sorted.length > limit && (
        <div className={css.more}>
          {plural(sorted.length - limit, 'more changed table')} not drawn.
          <Button onClick={() => setLimit(limit + SHOWN)}>
            Show {count(Math.min(SHOWN, sorted.length - limit))} more
          </Button>
        </div>
      )}
      {outcome === 'done' && (
        <p className={css.dim}>
          {changes.length === 0 ? 'Nothing is changed.' : `Changed: ${count(changes.length)}.`} Unchanged:{' '}
          {plural(unchanged, 'table')}.
        </p>
      )}
    </>
  )
}

function Table({ change }: { change: TableChange }) {
  const kind = changeOf(change)
  const { icon, word, tone } = looks[kind]
  const rows = rowWords(change)
  return (
    <section className={css.table} aria-label={change.name}>
      <div className={css.tableHead}>
        <span className={css.tableName}>{change.name}</span>
        <Tag tone={tone} icon={icon}>
          {word}
        </Tag>
        <span className={css.rows}>
          {rows?.counts ?? 'Without rows'}
          {rows?.loss && (
            <Tag tone="bad" icon={CircleAlert}>
              {rows.loss}
            </Tag>
          )}
        </span>
      </div>
      {kind !== 'rows' && (
        <DiffView
          title={
            kind === 'new' ? 'What it has' : kind === 'dropped' ? 'What it had' : 'Columns, indexes and constraints'
          }
          before={change.before}
          after={change.after}
          sides={['before', 'after']}
          isNumbered={false}
        />
      )}
    </section>
  )
}
