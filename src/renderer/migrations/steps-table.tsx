// The list of steps: what each does, its state, who applied it and how far a run has come. Made to stay quick at 1,000.
import { useCallback, useMemo, useState, type KeyboardEvent } from 'react'
import type { MigrationList, MigrationStep } from '../../shared/migration-steps.ts'
import type { MigrationRun } from './migration-run.ts'
import { StepRow, type MenuPlace } from './step-row.tsx'
import css from './steps-table.module.css'

interface StepsTableProps {
  list: MigrationList
  run: MigrationRun | undefined
  onMenu: (step: MigrationStep, at: MenuPlace) => void
}

/** Of all the buttons of the rows one is reached by Tab, the others by arrows from there. */
export function StepsTable({ list: { steps, folder }, run, onMenu }: StepsTableProps) {
  const [reached, setReached] = useState<string | null>(null)
  const progress = useMemo(() => new Map(run?.steps.map((step) => [step.name, step])), [run?.steps])
  const onReach = useCallback((name: string) => setReached(name), [])
  const tabStop = steps.find(({ name }) => name === reached)?.name ?? steps[0]?.name
  const isOver = run?.phase === 'over'
  return (
    <div
      className={css.table}
      role="table"
      aria-label="Migrations"
      aria-rowcount={steps.length + 1}
      onKeyDown={moveInRows}
    >
      <div role="rowgroup" className={css.head}>
        <div role="row" className={css.row}>
          <span role="columnheader">Step</span>
          <span role="columnheader">State</span>
          <span role="columnheader" className={css.number}>
            Batch
          </span>
          <span role="columnheader">Applied at</span>
          <span role="columnheader" className={css.lastRun}>
            {run && !isOver ? 'This run' : 'Last run'}
          </span>
          <span role="columnheader" aria-label="Actions" />
        </div>
      </div>
      {steps.length === 0 && folder.problem === null && (
        <div role="row">
          <span role="cell" className={css.none}>
            There is no step here yet. “New migration” above writes the first one.
          </span>
        </div>
      )}
      <div role="rowgroup">
        {steps.map((step) => (
          <StepRow
            key={step.name}
            step={step}
            progress={progress.get(step.name)}
            direction={run?.direction ?? null}
            isOver={isOver}
            isTabStop={step.name === tabStop}
            onReach={onReach}
            onMenu={onMenu}
          />
        ))}
      </div>
    </div>
  )
}

const moves: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  PageDown: (at, last) => Math.min(at + 10, last),
  PageUp: (at) => Math.max(at - 10, 0),
  Home: () => 0,
  End: (_at, last) => last,
}

function moveInRows(event: KeyboardEvent<HTMLElement>): void {
  const move = moves[event.key]
  if (!move || event.altKey || event.ctrlKey || event.metaKey) return
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button[data-step]')]
  const at = buttons.findIndex((button) => button === event.target)
  if (at < 0) return
  event.preventDefault()
  buttons[move(at, buttons.length - 1)]?.focus()
}
