// Which facts stand in the panel: one line for all foreign encodings that no row has.
import type { HealthFact } from '../../../shared/health.ts'

export function shownFacts(facts: readonly HealthFact[]): HealthFact[] {
  const isForeign = ({ id }: HealthFact) => id === 'foreign-encoding'
  const foreign = facts.filter(isForeign)
  const [first] = foreign
  const found = foreign.filter(({ rows }) => rows > 0)
  const shown = facts.filter((fact) => !isForeign(fact))
  if (!first || found.length > 0) return [...shown, ...found]
  const words = 'Every column is written in one way, as its owner writes it.'
  return [...shown, { ...first, title: 'Foreign encodings', words }]
}

/** "6 %", "0.4 %", "< 0.1 %". */
export function shareOf(rows: number, of: number): string {
  if (of === 0) return ''
  const percent = (rows / of) * 100
  if (percent < 0.1) return '< 0.1 %'
  return `${percent < 9.95 ? percent.toFixed(1).replace(/\.0$/, '') : Math.round(percent)} %`
}
