// Columns that the application sets by itself in its writes. Source: interop.md of the reference, section 4.
import type { Touch } from '../../shared/owners.ts'
import type { ShapeColumn } from '../db/database.ts'
import type { Recognised } from './recognise.ts'
import type { Signs } from './signs.ts'

interface Rule {
  column: string
  on: Touch['on']
  /** What else there is to know. */
  more?: string
}

const LOCAL = 'Roster writes UTC; web2py itself writes the local time of its server.'
const ZONE = 'Roster writes UTC; GORM writes the clock of its DSN (loc), which the database does not tell.'
const ALREADY = 'The database changes it by itself.'

const GORM: Rule[] = [
  { column: 'created_at', on: 'insert' },
  { column: 'updated_at', on: 'update' },
]
/** The signature that an application may ask for. */
const SIGNATURE: Rule[] = [
  { column: 'created_on', on: 'insert' },
  { column: 'modified_on', on: 'update' },
]

const RULES: Partial<Record<Recognised['name'], readonly Rule[]>> = {
  gorm: GORM,
  'flask-security': [
    { column: 'create_datetime', on: 'insert' },
    { column: 'update_datetime', on: 'update' },
  ],
  pydal: SIGNATURE,
  py4web: SIGNATURE,
  web2py: SIGNATURE.map((rule) => ({ ...rule, more: LOCAL })),
  django: [{ column: 'date_joined', on: 'insert' }],
}

export function touchesOf(signs: Signs, { name, words }: Recognised): Touch[] {
  return (RULES[name] ?? []).flatMap(({ column: wanted, on, more }) => {
    const column = signs.column(wanted)
    if (!column || !canBeSet(column) || isSetByDatabase(signs, column)) return []
    if (column.isBarred && on === 'update') return []
    const when = on === 'insert' ? 'in a new row' : 'in every change'
    const short = words.replace(/ \(.*\)$/, '')
    const also = more ?? (name === 'gorm' && signs.dialect === 'mysql' ? ZONE : null)
    return [{ column: column.name, on, words: `${short} sets ${column.name} ${when}.${also ? ` ${also}` : ''}` }]
  })
}

/** What the application sets in every change and this login may not: its saves leave it as it is. */
export function untouchedOf(signs: Signs, { name }: Recognised): string[] {
  const barred = (RULES[name] ?? []).filter(({ on, column }) => on === 'update' && signs.column(column)?.isBarred)
  return barred.map(({ column }) => column)
}

/** GORM's numbers count seconds, or milliseconds, which the catalogue does not tell: they are left alone. */
const canBeSet = ({ kind, isGenerated, keyPosition }: ShapeColumn) =>
  !isGenerated && keyPosition === 0 && ['datetime', 'date', 'text', 'other'].includes(kind)

/** MariaDB's ON UPDATE. */
function isSetByDatabase({ dialect, ddl }: Signs, { name, default: preset }: ShapeColumn): boolean {
  if (dialect !== 'mysql') return false
  const line = ddl.split('\n').find((each) => each.trimStart().startsWith(`\`${name.replaceAll('`', '``')}\` `))
  return /on update/i.test(`${preset ?? ''} ${line ?? ''}`)
}

/** Of a column that the database sets: for its meaning. */
export const setByDatabase = (signs: Signs, column: ShapeColumn) => (isSetByDatabase(signs, column) ? ALREADY : null)
