// The entries of the history, the newest first. An error opens under its entry.
import { useState } from 'react'
import type { HistoryEntry } from '../../shared/migration-steps.ts'
import { count, duration } from '../ui/wording.ts'
import { directionWords, outcomeWords } from './history-text.ts'
import { utcTime } from './step-words.ts'
import css from './history.module.css'

export function HistoryTable({ entries }: { entries: readonly HistoryEntry[] }) {
  return (
    <div className={css.scroller} tabIndex={0} role="region" aria-label="Entries of the history">
      <div className={css.table} role="table" aria-label="History" aria-rowcount={entries.length + 1}>
        <div role="rowgroup" className={css.head}>
          <div role="row" className={css.row}>
            <span role="columnheader">When</span>
            <span role="columnheader">Step</span>
            <span role="columnheader">What</span>
            <span role="columnheader">Outcome</span>
            <span role="columnheader">Who</span>
            <span role="columnheader" className={css.number}>
              Took
            </span>
            <span role="columnheader" className={css.number}>
              Statements
            </span>
          </div>
        </div>
        <div role="rowgroup">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </div>
      </div>
    </div>
  )
}

const tones: Partial<Record<HistoryEntry['outcome'], string>> = {
  done: 'good',
  failed: 'bad',
  half: 'bad',
  cancelled: 'warn',
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const [isOpen, setOpen] = useState(false)
  const { outcome, error } = entry
  const isRun = directionWords(entry) !== ''
  return (
    <div role="row" className={css.row}>
      <span role="cell" className={css.time} title={entry.startedAt}>
        {utcTime(entry.startedAt)}
      </span>
      <span role="cell" className={css.name} title={entry.name}>
        {entry.name}
        {entry.batch !== null && <span className={css.faint}> batch {entry.batch}</span>}
      </span>
      <span role="cell">{directionWords(entry)}</span>
      <span role="cell">
        {error ? (
          <button
            type="button"
            className={css.outcome}
            data-tone={tones[outcome]}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {outcomeWords[outcome]}
          </button>
        ) : (
          <span className={css.outcome} data-tone={tones[outcome]}>
            {outcomeWords[outcome]}
          </span>
        )}
      </span>
      <span role="cell" className={css.who} title={[entry.person, entry.databaseUser].filter(Boolean).join(', as ')}>
        {entry.person}
        {entry.databaseUser && <span className={css.faint}> as {entry.databaseUser}</span>}
      </span>
      <span role="cell" className={css.number}>
        {entry.ms === null ? '' : duration(entry.ms)}
      </span>
      <span role="cell" className={css.number}>
        {isRun ? count(entry.statements) : ''}
      </span>
      {error && isOpen && <pre className={css.error}>{error}</pre>}
    </div>
  )
}
