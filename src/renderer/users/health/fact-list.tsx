// The numbers of a table's health: each is a button that filters the grid, pressed while it does.
import { Button } from '@mantine/core'
import type { Health, HealthFact } from '../../../shared/health.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { count } from '../../ui/wording.ts'
import { isShown, toggleFact } from './fact-filter.ts'
import css from './health.module.css'
import { shareOf, shownFacts } from './shown-facts.ts'

interface FactListProps {
  model: TableModel
  description: TableDescription
  health: Health
  /** Opens the report of values in a foreign encoding. */
  onReport?: () => void
}

export function FactList({ model, description, health, onReport }: FactListProps) {
  return (
    <section aria-label="Findings">
      <ul className={css.facts}>
        {shownFacts(health.facts).map((fact) => (
          <li key={fact.title}>
            <Fact
              model={model}
              fact={fact}
              read={health.read}
              {...(fact.id === 'foreign-encoding' && onReport && { onReport })}
            />
          </li>
        ))}
      </ul>
      <Undecided model={model} description={description} />
    </section>
  )
}

interface FactProps extends Pick<FactListProps, 'model' | 'onReport'> {
  fact: HealthFact
  /** Rows that were passed. */
  read: number
}

function Fact({ model, fact, read, onReport }: FactProps) {
  const { title, words, rows, isDone, filter, filterNote } = fact
  const isPressed = isShown(model, fact)
  const number = isDone || rows > 0 ? count(rows) : '…'
  const share = rows > 0 && isDone ? shareOf(rows, read) : ''
  return (
    <>
      <button
        type="button"
        className={css.fact}
        aria-pressed={isPressed}
        aria-label={`${title}: ${number}`}
        title={words}
        data-none={rows === 0 || undefined}
        disabled={filter === null || !isDone}
        onClick={() => toggleFact(model, fact)}
      >
        <span className={css.factTitle}>{title}</span>
        <span className={css.share}>{share}</span>
        <span className={css.number} data-pending={!isDone || undefined}>
          {number}
        </span>
      </button>
      {isPressed && (
        <p className={css.words}>
          {words} {filterNote}
          {onReport && (
            <Button size="compact-xs" className={css.report ?? ''} onClick={onReport}>
              Report…
            </Button>
          )}
        </p>
      )}
    </>
  )
}

/** Columns of which nothing foreign can be told, because several spellings are in use and nobody has chosen yet. */
function Undecided({ model, description }: Omit<FactListProps, 'health'>) {
  const mixed = description.columns.filter(({ codec, encoding }) => codec === null && encoding?.basis === 'mixed')
  return mixed.map(({ name }) => (
    <p key={name} className={css.undecided}>
      {name} is written in several ways and is not counted.{' '}
      <Button size="compact-xs" onClick={() => model.set({ encodingOf: name })}>
        Choose how…
      </Button>
    </p>
  ))
}
