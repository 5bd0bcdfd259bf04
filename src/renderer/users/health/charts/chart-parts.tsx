// What the charts have in common: axes without ornament, short numbers, and the note at the pointer.
import css from '../health.module.css'

export const AXIS = {
  axisLine: false,
  tickLine: false,
  tick: { fill: 'var(--roster-dim)', fontSize: 11 },
} as const

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** 12345 becomes "12.3K". */
export const shortCount = (rows: number): string => compact.format(rows)

interface ChartTipProps {
  words: (label: string, rows: number) => string
  /** Given by the chart. */
  active?: boolean
  label?: string | number
  payload?: readonly { value?: unknown }[]
}

export function ChartTip({ words, active = false, label, payload = [] }: ChartTipProps) {
  const [first] = payload
  if (!active || !first) return null
  return <div className={css.tip}>{words(String(label), Number(first.value))}</div>
}
