// Names a new step so that it comes after all that are there: dated as knex does, or numbered where the folder numbers its files.
// Here, so that the page shows the name that core will give.

/** At most six digits; longer ones, and six that begin like a year, are dates. */
const NUMBERED = /^(?!(?:19|20)\d{4}\D)(\d{1,6})([-_. ]+)/
const DATED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)/
const LONGEST_SLUG = 60

/** `name` has no extension yet. `refused`: why no name would come last, in words. */
export function nextName(names: readonly string[], title: string, now: Date): { name: string } | { refused: string } {
  // knex's order: by code unit.
  const last = [...names].sort().at(-1)
  const numbered = last === undefined ? null : NUMBERED.exec(last)
  if (last === undefined || numbered === null) {
    return { name: `${stampAfter(names, now)}_${slugOf(title, '_')}` }
  }
  const [, digits = '', separator = '_'] = numbered
  // Not all names may have a number, and without leading zeros the last in order is not the greatest.
  const greatest = Math.max(...names.map((name) => Number(NUMBERED.exec(name)?.[1] ?? 0)))
  const name = `${String(greatest + 1).padStart(digits.length, '0')}${separator}${slugOf(title, separator)}`
  if (name > last) return { name }
  return {
    refused: `The next number would be ${greatest + 1}, and knex sorts names as text: ${name} would be run before ${last}. Give the file a name by hand that comes last.`,
  }
}

/** yyyyMMddHHmmss in UTC, as knex makes it; a second later than the latest there, which may have been made just now. */
function stampAfter(names: readonly string[], now: Date): string {
  const latest = Math.max(...names.map(timeOf).filter((time) => !Number.isNaN(time)))
  const time = new Date(Math.max(now.getTime(), latest + 1000))
  return time.toISOString().replace(/\D/g, '').slice(0, 14)
}

/** NaN for names without a date. */
function timeOf(name: string): number {
  const [, year, month, day, hour, minute, second] = DATED.exec(name) ?? []
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** Letters and digits of any script; everything else becomes the separator. */
function slugOf(title: string, separator: string): string {
  const between = separator.includes('-') ? '-' : '_'
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  const slug = [...words.join(between)].slice(0, LONGEST_SLUG).join('')
  return slug.replace(/[-_]+$/, '') || 'migration'
}
