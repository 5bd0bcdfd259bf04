// The charts of a table's health. Loaded by itself, with the library that draws them.
import type { Health } from '../../../../shared/health.ts'
import { ActiveChart } from './active-chart.tsx'
import { MonthChart } from './month-chart.tsx'
import { NamedBars } from './named-bars.tsx'

interface HealthChartsProps {
  charts: Health['charts']
  /** Whether a user may log in is told by a text, and not by a flag. */
  isGated: boolean
  /** Nothing more comes. */
  isDone: boolean
}

export function HealthCharts({ charts, isGated, isDone }: HealthChartsProps) {
  const { active, confirmed, schemes, domains, others } = charts
  const rest = others > 0 ? [{ label: 'all others', rows: others, tone: 'faint' as const }] : []
  const hashes = schemes.map(({ label, rows, isWeak }) => ({
    ...{ label, rows },
    tone: isWeak ? ('warn' as const) : label === 'no password' ? ('faint' as const) : ('accent' as const),
  }))
  return (
    <div role="group" aria-label="Charts" aria-busy={!isDone}>
      {active && <ActiveChart {...active} unknownLabel={isGated ? 'to be confirmed' : 'neither'} />}
      {confirmed.length > 0 && <MonthChart months={confirmed} />}
      {schemes.length > 0 && <NamedBars title="Password hashes" what="Scheme" bars={hashes} />}
      {domains.length > 0 && (
        <NamedBars
          title="Email domains"
          what="Domain"
          bars={[...domains.map((bar) => ({ ...bar, tone: 'accent' as const })), ...rest]}
        />
      )}
    </div>
  )
}
