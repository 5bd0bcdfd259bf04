// The health of a users table beside the grid: numbers that filter it when they are clicked, and charts.
import { ActionIcon, Button, Progress, Tooltip } from '@mantine/core'
import { RotateCw, X } from 'lucide-react'
import { lazy, Suspense, useDeferredValue, useEffect, useRef } from 'react'
import type { Health } from '../../../shared/health.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { useSlot } from '../../tables/selection/slot.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { count, timeOfDay } from '../../ui/wording.ts'
import { isKept } from '../../tables/staged-journal.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { FactList } from './fact-list.tsx'
import {
  healthPanels,
  healthRuns,
  hideHealth,
  runHealth,
  showHealth,
  stopHealth,
  type HealthRun,
} from './health-runs.ts'
import css from './health.module.css'

interface HealthProps {
  model: TableModel
  description: TableDescription
}

/** The charts come with a large library, which is loaded when they are drawn first. */
const HealthCharts = lazy(async () => ({ default: (await import('./charts/health-charts.tsx')).HealthCharts }))

interface HealthPanelProps extends HealthProps {
  /** Opens the report of values in a foreign encoding; absent: it is not offered. */
  onReport?: (model: TableModel) => void
}

export function HealthPanel({ model, description, onReport }: HealthPanelProps) {
  const isOpen = useSlot(healthPanels, model) !== null
  if (!isOpen || !description.owner?.user) return null
  return <OpenPanel model={model} description={description} {...(onReport && { onReport })} />
}

function OpenPanel({ model, description, onReport }: HealthPanelProps) {
  const run = useSlot(healthRuns, model)
  const user = description.owner?.user
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    panel.current?.focus()
    showHealth(model)
    return () => hideHealth(model)
  }, [model])
  const close = () => {
    healthPanels.set(model, null)
    document.querySelector<HTMLElement>('main [role=grid]')?.focus()
  }
  return (
    <aside
      ref={panel}
      className={css.panel}
      aria-label="Health"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        close()
      }}
    >
      <div className={css.head}>
        <h2 className={css.title}>Health</h2>
        {run && <AsOf run={run} />}
        <Tooltip label="Count again">
          <ActionIcon
            aria-label="Run again"
            disabled={run?.phase === 'running'}
            onClick={() => {
              // The button is disabled now, and would take no key.
              panel.current?.focus()
              void runHealth(model)
            }}
          >
            <RotateCw size={14} />
          </ActionIcon>
        </Tooltip>
        <ActionIcon aria-label="Close" onClick={close}>
          <X size={15} />
        </ActionIcon>
      </div>
      {run?.phase === 'running' && <Running model={model} health={run.health} />}
      {run?.phase === 'failed' && (
        <p role="alert" className={css.problem}>
          {run.problem?.message} {run.problem?.hint}
        </p>
      )}
      <div className={css.body}>
        {run?.health && (
          <FactList
            model={model}
            description={description}
            health={run.health}
            {...(onReport && { onReport: () => onReport(model) })}
          />
        )}
        {run?.health && run.health.read > 0 && (
          <Charts
            charts={run.health.charts}
            isGated={user?.active === null && user.gate !== null}
            isDone={run.phase !== 'running'}
          />
        )}
      </div>
    </aside>
  )
}

function AsOf({ run: { phase, health } }: { run: HealthRun }) {
  if (!health) return null
  const at = timeOfDay(health.asOf)
  const words = phase === 'done' ? `as of ${at}` : phase === 'running' ? '' : `stopped, as of ${at}`
  return (
    <span className={css.asOf} role="status">
      {words}
    </span>
  )
}

function Running({ model, health }: { model: TableModel; health: Health | null }) {
  const read = health?.read ?? 0
  // Statistics may be behind by some rows.
  const of = health?.of == null ? null : Math.max(health.of, read)
  const isGrouping = health?.facts.some((fact) => fact.isDone) === true
  const words = isGrouping ? 'Looking for emails that are there twice' : rowsInWords(read, of)
  return (
    <div className={css.running}>
      <div className={css.runningText}>
        <span className={css.figures}>{words}</span>
        <Button size="compact-xs" onClick={() => stopHealth(model)}>
          Cancel
        </Button>
      </div>
      <Progress
        value={of === null || of === 0 ? 0 : (read / of) * 100}
        size="xs"
        aria-label={words}
        transitionDuration={0}
      />
    </div>
  )
}

const rowsInWords = (read: number, of: number | null) =>
  of === null ? `${count(read)} rows so far` : `${count(read)} of about ${count(of)} rows`

/** Drawn behind the numbers, which change ten times a second while they are counted. */
function Charts({ charts, ...more }: { charts: Health['charts']; isGated: boolean; isDone: boolean }) {
  const drawn = useDeferredValue(charts)
  return (
    <ErrorBoundary isKept={isKept}>
      <Suspense fallback={<p className={css.loading}>Loading the charts</p>}>
        <HealthCharts charts={drawn} {...more} />
      </Suspense>
    </ErrorBoundary>
  )
}
