// Bars with names: how many users have each scheme of hash, or each email domain.
import { Bar, BarChart, Cell, LabelList, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { oneLine } from '../../../grid/cell-show.ts'
import { count } from '../../../ui/wording.ts'
import { AXIS } from './chart-parts.tsx'
import { ChartFrame } from './chart-frame.tsx'

export interface NamedBar {
  label: string
  rows: number
  tone: 'accent' | 'warn' | 'faint'
}

interface NamedBarsProps {
  title: string
  what: string
  bars: readonly NamedBar[]
}

/** Pixels of one bar with its name, and of all names. */
const LINE = 19
const NAMES = 128
/** Letters of a name that fit. */
const LETTERS = 20

const FILL = {
  accent: 'var(--roster-accent)',
  warn: 'var(--roster-colour-orange)',
  faint: 'var(--roster-colour-gray)',
}

const short = (label: string) => (label.length > LETTERS ? `${label.slice(0, LETTERS - 1)}…` : label)

export function NamedBars({ title, what, bars }: NamedBarsProps) {
  const height = bars.length * LINE
  return (
    <ChartFrame title={title} what={what} bars={bars} height={height}>
      <ResponsiveContainer width="100%" height={height}>
        <BarChart
          layout="vertical"
          data={bars.map((bar) => ({ ...bar, label: oneLine(bar.label) }))}
          margin={{ top: 0, right: 58, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <XAxis type="number" hide />
          <YAxis type="category" dataKey="label" {...AXIS} width={NAMES} interval={0} tickFormatter={short} />
          <Bar dataKey="rows" barSize={9} radius={2} isAnimationActive={false}>
            {bars.map(({ label, tone }) => (
              <Cell key={label} fill={FILL[tone]} />
            ))}
            <LabelList
              dataKey="rows"
              position="right"
              fill="var(--roster-dim)"
              fontSize={11}
              formatter={(rows) => count(Number(rows))}
            />
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </ChartFrame>
  )
}
