// The words of runs: what failed, what is in the database now, and what to do next.
import { Refusal } from '../../refusal.ts'
import { leavesInvalidIndex, type Kept } from './kept-statements.ts'
import { oneLine } from './sending.ts'
import { errorText } from './step-errors.ts'

/** "1 step", "3 steps" */
export const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

/** Steps that are named in a sentence; the others are counted. */
const NAMES = 5

/** "b, c, d, e, f and 1 other step": of more than five the last, which a person saw last. */
export function someOf(names: readonly string[]): string {
  const more = names.length - NAMES
  return names.slice(-NAMES).join(', ') + (more > 0 ? ` and ${counted(more, 'other step')}` : '')
}

/** An error's own words as a sentence, with its hint. */
export function wordsOf(error: unknown): string {
  const message = errorText(error)
  const hint = error instanceof Refusal ? hintOf(error.data) : ''
  return `${/[.!?]$/.test(message) ? message : `${message}.`}${hint}${rightsHint(error)}`
}

function hintOf(data: unknown): string {
  const hint = typeof data === 'object' && data !== null && 'hint' in data ? data.hint : null
  return typeof hint === 'string' ? ` ${hint}` : ''
}

/** PostgreSQL's code, and MySQL's for a table, a database and a right. */
const NO_RIGHT: ReadonlySet<unknown> = new Set([
  '42501',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
])

function rightsHint(error: unknown): string {
  const { code } = Object(error) as { code?: unknown }
  if (!NO_RIGHT.has(code)) return ''
  return ' Migrations need a user that may change the schema; the profile can name another login for them.'
}

export interface FailedStatement {
  number: number
  sql: string
  error: unknown
}

/** "004-x.ts failed at statement 2, “insert …”: no such table: nowhere." */
export function failureWords(step: string, error: unknown, failed: FailedStatement | null): string {
  if (failed && saysSame(error, failed.error)) {
    return `${step} failed at statement ${failed.number + 1}, ${oneLine(failed.sql)}: ${wordsOf(failed.error)}`
  }
  const after = failed ? ` Before that statement ${failed.number + 1} had failed: ${wordsOf(failed.error)}` : ''
  return `${step} failed: ${wordsOf(error)}${after}`
}

/** An error that came through a process or through knex is another object, with more words before its own. */
function saysSame(error: unknown, of: unknown): boolean {
  if (error === of) return true
  return error instanceof Error && of instanceof Error && error.message.endsWith(of.message)
}

export const ROLLED_BACK = 'The step was rolled back: nothing of it was kept.'
export const NOTHING_SENT = 'Nothing of the step was sent that changes anything.'

/** What is in the database of a step that was no single transaction. `product`: "MariaDB". */
export function keptWords(kept: Kept, product: string, isOnMysql: boolean): string {
  if (!kept.isSomething) return 'Nothing of the step is in the database.'
  const done = kept.statements.filter(({ state, isRead }) => state === 'done' && !isRead)
  const unsure = kept.statements.find(({ state }) => state === 'under-way')
  const failed = kept.statements.find(({ state }) => state === 'failed')
  const parts = [
    isOnMysql ? `${product} keeps each change of the schema at once.` : 'The step runs outside of a transaction.',
  ]
  if (done.length > 0) {
    const which = done.map(({ number }) => number + 1)
    parts.push(`In the database ${done.length === 1 ? 'is statement' : 'are statements'} ${ranges(which)} of the step.`)
  }
  if (unsure) {
    parts.push(
      `Statement ${unsure.number + 1}, ${oneLine(unsure.sql)}, was under way: whether it is done is not known.`,
    )
  }
  if (failed && leavesInvalidIndex(failed.sql)) {
    parts.push('A failed CREATE INDEX CONCURRENTLY leaves an index that is not used: drop it before it is run again.')
  }
  parts.push('The step is half done: resume it, undo it, or mark it.')
  return parts.join(' ')
}

/** "1 to 3 and 5" */
export function ranges(numbers: readonly number[]): string {
  const found: [from: number, to: number][] = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else found.push([number, number])
  }
  const texts = found.map(([from, to]) =>
    from === to ? String(from) : `${from} ${to === from + 1 ? 'and' : 'to'} ${to}`,
  )
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1) ?? ''}`
}
