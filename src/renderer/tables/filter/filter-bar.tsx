// The conditions of the view as chips in plain words, joined by "and" and "or": each is edited, negated and taken out by itself.
import { ActionIcon, Button } from '@mantine/core'
import { X } from 'lucide-react'
import { Fragment, useRef, type KeyboardEvent } from 'react'
import type { Condition, Filter, Group } from '../../../shared/filters.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import type { TableModel } from '../table-model.ts'
import { clearFilter, editCondition, flip, negate, removePart } from './change-filter.ts'
import { ConditionEditor } from './condition-editor.tsx'
import type { Path } from './filter-tree.ts'
import { focusGrid } from './focus-grid.ts'
import { conditionInWords, filterInWords } from './filter-words.ts'
import { FilterSql } from './filter-sql.tsx'
import css from './filter.module.css'
import { barOf, quickOf } from './quick.ts'

interface FilterBarProps {
  model: TableModel
  description: TableDescription
}

export function FilterBar({ model, description }: FilterBarProps) {
  const { filter } = model.state
  const bar = barOf(filter)
  const box = useRef<HTMLDivElement>(null)
  if (bar === null) return null
  const words = filterInWords(bar, description.columns)
  return (
    <div ref={box} className={css.bar} role="group" aria-label={`Filter: ${words}`}>
      {quickOf(filter) !== null && <span className={css.beside}>Search and</span>}
      <Part model={model} description={description} part={bar} path={[]} onRemoved={() => focusNext(box.current)} />
      <span className={css.space} />
      <FilterSql model={model} />
      <Button
        h={24}
        onClick={() => {
          clearFilter(model)
          focusGrid()
        }}
      >
        Clear filter
      </Button>
    </div>
  )
}

interface PartProps {
  model: TableModel
  description: TableDescription
  part: Filter
  path: Path
  onRemoved: () => void
}

function Part(props: PartProps) {
  return props.part.kind === 'condition' ? (
    <Chip {...props} condition={props.part} />
  ) : (
    <Parts {...props} group={props.part} />
  )
}

/** Brackets around every group but the outer one. */
function Parts({ group, ...props }: PartProps & { group: Group }) {
  const { model, description, path } = props
  const isInner = path.length > 0
  const words = (part: Filter | undefined) => (part ? filterInWords(part, description.columns, true) : '')
  return (
    <div
      className={css.group}
      data-inner={isInner || undefined}
      role="list"
      aria-label={isInner ? words(group) : 'Conditions'}
    >
      {group.parts.map((part, place) => (
        <Fragment key={place}>
          {place > 0 && (
            <button
              type="button"
              className={css.join}
              data-join={group.join}
              aria-label={`${words(group.parts[place - 1])} ${group.join} ${words(part)}: join by ${group.join === 'and' ? 'or' : 'and'} instead`}
              title={`Join by “${group.join === 'and' ? 'or' : 'and'}” instead`}
              onClick={() => flip(model, path, place - 1)}
            >
              {group.join}
            </button>
          )}
          <div role="listitem" className={css.item}>
            <Part {...props} part={part} path={[...path, place]} />
          </div>
        </Fragment>
      ))}
    </div>
  )
}

function Chip({ model, description, condition, path, onRemoved }: PartProps & { condition: Condition }) {
  const words = conditionInWords(condition, description.columns)
  const remove = () => {
    removePart(model, path)
    onRemoved()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Delete' && event.key !== 'Backspace') return
    event.preventDefault()
    remove()
  }
  return (
    <div className={css.chip} data-not={condition.isNot || undefined}>
      <ConditionEditor model={model} description={description} path={path} condition={condition}>
        <button
          type="button"
          className={css.words}
          data-chip
          aria-label={`Edit condition: ${words}`}
          title="Edit; Delete takes it out"
          onClick={() => editCondition(model, { path })}
          onKeyDown={onKeyDown}
        >
          {words}
        </button>
      </ConditionEditor>
      <button
        type="button"
        className={css.not}
        aria-pressed={condition.isNot}
        aria-label={`Not: ${words}`}
        title={condition.isNot ? 'Only these rows again' : 'All other rows instead'}
        onClick={() => negate(model, path, condition)}
      >
        not
      </button>
      <ActionIcon size={20} variant="subtle" aria-label={`Remove condition: ${words}`} title="Remove" onClick={remove}>
        <X size={12} />
      </ActionIcon>
    </div>
  )
}

/** After a chip was taken out: another chip, or the grid when there is none. */
function focusNext(box: HTMLElement | null): void {
  setTimeout(() => {
    const chip = box?.isConnected ? box.querySelector<HTMLElement>('[data-chip]') : null
    if (chip) chip.focus()
    else focusGrid()
  })
}
