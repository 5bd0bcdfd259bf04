// Confirmations by month.
import { Area, AreaChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { count } from '../../../ui/wording.ts'
import { AXIS, ChartTip, shortCount } from './chart-parts.tsx'
import { ChartFrame } from './chart-frame.tsx'
import { everyMonth, type Month } from './months.ts'

const HEIGHT = 120

export function MonthChart({ months }: { months: readonly Month[] }) {
  const all = everyMonth(months)
  return (
    <ChartFrame title="Confirmations by month" what="Month" bars={months} height={HEIGHT}>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <AreaChart data={all} margin={{ top: 6, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <XAxis dataKey="label" {...AXIS} minTickGap={28} height={20} tickFormatter={(month: string) => month} />
          <YAxis {...AXIS} width={38} tickCount={3} allowDecimals={false} tickFormatter={shortCount} />
          <Tooltip
            cursor={{ stroke: 'var(--roster-border)' }}
            isAnimationActive={false}
            content={<ChartTip words={(label, rows) => `${label}: ${count(rows)}`} />}
          />
          <Area
            type="linear"
            dataKey="rows"
            stroke="var(--roster-accent)"
            strokeWidth={1.5}
            fill="var(--roster-accent)"
            fillOpacity={0.16}
            dot={all.length === 1}
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </ChartFrame>
  )
}
