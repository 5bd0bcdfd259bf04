// What the database says of a filter's value that only it can read (an enum's, an array's), with the columns it may be about.
import { conditionsOf, type Filter } from '../../shared/filters.ts'
import { Refusal } from '../refusal.ts'

/** PostgreSQL's class of errors of values. */
const OF_VALUES = /^22/

/** Runs a query of a view with this filter. Throws what it throws, or a Refusal that names the filter. */
export async function askedInWords<T>(filter: Filter | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw inWords(filter, error)
  }
}

function inWords(filter: Filter | null, error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code !== 'QUERY_FAILED' || !OF_VALUES.test(codeOf(error))) return error
  const compared = conditionsOf(filter).filter(({ test }) => ['equals', 'one-of', 'range'].includes(test.test))
  const columns = [...new Set(compared.flatMap(({ column }) => (column === null ? [] : [column])))]
  if (columns.length === 0) return error
  const words = `The filter on ${columns.join(' or ')} cannot be asked: the database does not take its value`
  return new Refusal('QUERY_FAILED', `${words} (${error.message}).`, error.data, error)
}

function codeOf({ data }: Refusal): string {
  return typeof data === 'object' && data !== null && 'code' in data ? String(data.code) : ''
}
