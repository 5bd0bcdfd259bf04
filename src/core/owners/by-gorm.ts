// Signs of GORM, of both its versions.
import type { Recognised } from './recognise.ts'
import { list, present, type Signs } from './signs.ts'

const TIMES = ['created_at', 'updated_at', 'deleted_at']

/** One line, no blank behind the commas; v2 writes names in backticks, v1 in double quotes. */
const DDL_V2 = /^CREATE TABLE [`"][^`"]+[`"] \(`[^`]+` [a-z][^\n]*,(`|CONSTRAINT|PRIMARY|UNIQUE)/
const DDL_V1 = /^CREATE TABLE "[^"]+" \("[^"]+" [a-z][^\n]*,"/

export function byGorm(signs: Signs): Recognised | null {
  const named = byName(signs)
  const ddl = byDdl(signs)
  const types = byTypes(signs)
  const times = present(signs, TIMES)
  const evidence = [
    ...named.strong,
    ...(ddl ? [ddl.words] : []),
    ...(times.length === 3 ? [`${list(times)} are columns of gorm.Model.`] : []),
    ...named.weak,
    ...types,
  ]
  // Names and types of the weak kind are in tables of other tools too.
  const isSure = named.isV1 || ddl !== null || (named.strong.length > 0 && evidence.length > 1)
  if (!isSure) return null
  // The text of the table tells for certain; both versions name an index that is not unique the same way.
  const version = ddl?.version ?? (named.isV1 ? 'v1' : 'v2')
  return { name: 'gorm', writer: 'gorm', words: `GORM ${version}`, evidence }
}

/** An index of one column is named after it; a unique one is an index, not a constraint, before GORM 1.25.7. */
function byName({ name: table, structure, column }: Signs): { strong: string[]; weak: string[]; isV1: boolean } {
  const all = [...(structure?.indexes ?? []), ...(structure?.constraints ?? [])].map(({ name }) => name)
  const of = (start: string, end: string) => all.find((name) => name.toLowerCase() === `${start}_${table}_${end}`)
  const unique = (structure?.indexes ?? []).flatMap(({ isUnique, columns }) => (isUnique ? columns : []))
  const words = (name: string, version = '') => `${name} is named as GORM${version} names indexes.`
  const first = unique.flatMap((each) => of('uix', each.toLowerCase()) ?? [])
  const second = unique.flatMap((each) => of('idx', each.toLowerCase()) ?? of('uni', each.toLowerCase()) ?? [])
  const deleted = column('deleted_at') ? of('idx', 'deleted_at') : undefined
  const any = all.find((name) => name.toLowerCase().startsWith(`idx_${table}_`))
  const strong = [...new Set([...second, ...(deleted ? [deleted] : [])])]
  const isV1 = first.length > 0 && second.length === 0
  return {
    strong: isV1 ? first.map((name) => words(name, ' v1')) : strong.slice(0, 2).map((name) => words(name)),
    weak: any && strong.length === 0 ? [words(any)] : [],
    isV1,
  }
}

function byDdl({ dialect, ddl }: Signs): { words: string; version: 'v1' | 'v2' } | null {
  if (dialect !== 'sqlite') return null
  const text = (names: string, version: string) =>
    `The table was made in one line, with ${names} and types in lower case, as GORM ${version} does.`
  if (DDL_V2.test(ddl)) return { words: text('names in backticks', 'v2'), version: 'v2' }
  return DDL_V1.test(ddl) ? { words: text('quoted names', 'v1'), version: 'v1' } : null
}

function byTypes({ dialect, shape }: Signs): string[] {
  const key = shape.columns.find(({ name }) => shape.key.length === 1 && name === shape.key[0])
  const typed = (pattern: RegExp) => shape.columns.find(({ type }) => pattern.test(type))
  const words: string[] = []
  if (dialect === 'mysql') {
    const date = typed(/^datetime\(3\)/i)
    if (key && /^bigint.*unsigned/i.test(key.type)) words.push(`${key.name} is ${key.type}, Go's uint.`)
    if (date) words.push(`${date.name} is ${date.type}: GORM v2 keeps milliseconds.`)
  } else if (dialect === 'postgres') {
    const date = typed(/^timestamp.* with time zone|^timestamptz/i)
    if (key?.type === 'bigint' && /^nextval\(/i.test(key.default ?? ''))
      words.push(`${key.name} is bigserial, Go's uint.`)
    if (date) words.push(`${date.name} is ${date.type}, Go's time.`)
  }
  return words
}
