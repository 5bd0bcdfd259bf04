// Months on an axis of time: those without any stand between those that have some.

export interface Month {
  /** "2024-01". */
  label: string
  rows: number
}

/** Every month from the first to the last, in order. `months` are in order, from 1900 to 2200. */
export function everyMonth(months: readonly Month[]): Month[] {
  const [first, last] = [months[0], months.at(-1)]
  if (!first || !last) return []
  const rows = new Map(months.map(({ label, rows: found }) => [label, found]))
  const all: Month[] = []
  for (let at = numberOf(first.label); at <= numberOf(last.label); at++) {
    const label = `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`
    all.push({ label, rows: rows.get(label) ?? 0 })
  }
  return all
}

const numberOf = (label: string) => Number(label.slice(0, 4)) * 12 + Number(label.slice(5, 7)) - 1
