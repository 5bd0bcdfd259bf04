// Reads what a person types to go to a row by its number: 7,000,000, 7000000 or 70%.

export type RowPlace = { rank: number } | { error: string }

/** Between the digits of a number: commas, points, apostrophes, low lines and blanks of any width, each before three digits. */
const GROUPED = /^\d{1,3}(?:[,.'’_\s]\d{3})+$/
const PLAIN = /^\d+$/
const SHARE = /^(\d+(?:[.,]\d+)?)\s*%$/

/**
 * The row's number from 0, or what is expected. `rows` is how many there are; while they are only estimated, a number beyond
 * them is not refused: it leads to the last row.
 */
export function parseRowPlace(typed: string, rows: number, isExact: boolean): RowPlace {
  const text = typed.trim()
  const expected = `Type a row number from 1 to ${rows.toLocaleString('en-US')}, or a share such as 70%.`
  if (rows < 1) return { error: 'There are no rows to go to.' }
  const share = SHARE.exec(text)?.[1]
  if (share !== undefined) {
    const part = Number(share.replace(',', '.')) / 100
    return part <= 1 ? { rank: Math.min(rows - 1, Math.floor(part * rows)) } : { error: expected }
  }
  if (!PLAIN.test(text) && !GROUPED.test(text)) return { error: expected }
  const number = Number(text.replace(/\D/g, ''))
  if (number < 1) return { error: expected }
  if (number > rows && isExact) return { error: `There are ${rows.toLocaleString('en-US')} rows. ${expected}` }
  return { rank: Math.min(number, rows) - 1 }
}
