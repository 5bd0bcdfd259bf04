// The line below the grid: what is seen of how many rows, how exact that is, and how long the last page took.
import { Button } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import type { Sort } from '../../shared/tables.ts'
import { duration, plural } from '../ui/wording.ts'
import { stopGoing } from './jump/go-to.ts'
import { countInWords, isFinding, rangeInWords } from './jump/numbers-in-words.ts'
import { OwnerLine } from './owner/owner-line.tsx'
import { ChosenCount } from './selection/chosen-count.tsx'
import type { TableModel } from './table-model.ts'
import css from './table-screen.module.css'

export { timeOfDay } from './jump/numbers-in-words.ts'

export function StatusLine({ model }: { model: TableModel }) {
  const { state, blocks } = model
  const { sort, loadTime, selected, jump } = state
  const isLooking = jump !== null && jump.rank === null
  return (
    <div className={css.status}>
      <span className={css.statusPart}>
        <span aria-label="Row count">{countInWords(state, blocks.count)}</span>
        <CountButton model={model} />
      </span>
      <SeenRange model={model} />
      {isLooking && (
        <span className={css.statusPart} role="status">
          Looking for the row…
          <Small label="Stop looking" onClick={() => stopGoing(model)} />
        </span>
      )}
      {selected.size > 1 && <span>{plural(selected.size, 'row')} chosen</span>}
      <ChosenCount model={model} />
      {sort && <span>{sortInWords(sort)}</span>}
      {state.description && <OwnerLine description={state.description} />}
      {loadTime !== null && <span className={css.statusEnd}>Loaded in {duration(loadTime)}</span>}
      <Arrival model={model} />
    </div>
  )
}

function CountButton({ model }: { model: TableModel }) {
  const { counted, counting, filter, surveyHalt } = model.state
  if (counting === 'counting') return <Small label="Stop counting" onClick={() => model.reading.stopCount()} />
  if (isFinding(model.state)) return <Small label="Cancel" onClick={() => model.reading.stopSurvey()} />
  if (filter !== null && surveyHalt) return <Small label="Go on" onClick={() => model.reading.resumeSurvey()} />
  if (counted) return null
  return counting === 'stopped' || counting === 'failed' ? (
    <Small label="Count" onClick={() => void model.count()} />
  ) : null
}

function Small({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="subtle" h={18} onClick={onClick}>
      {label}
    </Button>
  )
}

/** The stored rows in sight, numbered from 1. The only part that is drawn with every row that is scrolled. */
function SeenRange({ model }: { model: TableModel }) {
  const { first, last } = useSyncExternalStore(model.seen.subscribe, model.seen.read)
  const { state, blocks } = model
  const above = model.newIds().length
  const from = Math.max(1, first - above + 1)
  const to = Math.min(last - above + 1, blocks.count)
  if (state.problem || to < from) return null
  return (
    <button
      type="button"
      className={css.statusButton}
      title="Go to row… (Ctrl+G)"
      onClick={() => model.set({ goTo: 'row' })}
    >
      {rangeInWords(state, from, to, blocks.isFromEnd(from - 1))}
    </button>
  )
}

/** For screen readers: where a jump has led, once its row is there; and that a filter is being gone through. */
function Arrival({ model }: { model: TableModel }) {
  const { state, blocks } = model
  const { jump } = state
  // Once, and not with every row that is found.
  let words = isFinding(state) ? 'Finding places in this filter.' : ''
  if (jump?.rank != null) {
    const row = rangeInWords(state, jump.rank + 1, jump.rank + 1, blocks.isFromEnd(jump.rank))
    const of = `${blocks.isCounted ? '' : 'about '}${blocks.count.toLocaleString('en-US')}`
    words = blocks.rowAt(jump.rank) ? `${row} of ${of}.` : `${row} of ${of}: not read yet.`
  }
  return (
    <span role="status" className={css.unseen}>
      {words}
    </span>
  )
}

function sortInWords({ column, direction }: Sort): string {
  return `Sorted by ${column}, ${direction === 'asc' ? 'ascending' : 'descending'}`
}
