// Active against inactive as one bar, with the numbers below it.
import { Bar, BarChart, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { count } from '../../../ui/wording.ts'
import css from '../health.module.css'
import { ChartFrame } from './chart-frame.tsx'

interface ActiveChartProps {
  active: number
  inactive: number
  /** NULL and what is written otherwise; of a gate those who have yet to be confirmed. */
  unknown: number
  /** What these are called. */
  unknownLabel: string
}

const PARTS = [
  { name: 'active', label: 'active', fill: 'var(--roster-colour-green)' },
  { name: 'inactive', label: 'inactive', fill: 'var(--roster-colour-orange)' },
  { name: 'unknown', label: '', fill: 'var(--roster-colour-gray)' },
] as const

export function ActiveChart({ unknownLabel, ...parts }: ActiveChartProps) {
  const bars = PARTS.map(({ name, label }) => ({ label: label || unknownLabel, rows: parts[name] }))
  return (
    <ChartFrame title="Active and inactive" what="State" bars={bars} height={40}>
      <ResponsiveContainer width="100%" height={14}>
        <BarChart
          layout="vertical"
          data={[parts]}
          margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
          stackOffset="expand"
          accessibilityLayer={false}
        >
          <XAxis type="number" hide domain={[0, 1]} />
          <YAxis type="category" hide />
          {PARTS.map(({ name, fill }) => (
            <Bar key={name} dataKey={name} stackId="all" fill={fill} barSize={12} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
      <div className={css.legend}>
        {PARTS.filter(({ name }) => parts[name] > 0).map(({ name, label }) => (
          <span key={name} className={css.legendPart} data-part={name}>
            {label || unknownLabel} {count(parts[name])}
          </span>
        ))}
      </div>
    </ChartFrame>
  )
}
