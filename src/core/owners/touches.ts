// Columns that the application sets by itself in its writes. Source: interop.md of the reference, section 4.
import type { Touch } from '../../shared/owners.ts'
import type { ShapeColumn } from '../db/database.ts'
import type { Recognised } from './recognise.ts'
import type { Signs } from './signs.ts'

const RULES: Partial<Record<Recognised['writer'], readonly (readonly [column: string, on: Touch['on']])[]>> = {
  gorm: [
    ['created_at', 'insert'],
    ['updated_at', 'update'],
  ],
  sqlalchemy: [
    ['create_datetime', 'insert'],
    ['update_datetime', 'update'],
  ],
  pydal: [
    ['created_on', 'insert'],
    ['modified_on', 'update'],
  ],
  django: [['date_joined', 'insert']],
}

/** MariaDB's ON UPDATE changes by itself, as a generated column does. */
const isLeftAlone = ({ default: preset, isGenerated, kind }: ShapeColumn) =>
  isGenerated || /on update/i.test(preset ?? '') || !['datetime', 'date', 'text', 'other'].includes(kind)

export function touchesOf(signs: Signs, { writer, words }: Recognised): Touch[] {
  return (RULES[writer] ?? []).flatMap(([name, on]) => {
    const column = signs.column(name)
    if (!column || isLeftAlone(column)) return []
    const when = on === 'insert' ? 'in a new row' : 'in every change'
    return [{ column: column.name, on, words: `${words} sets ${column.name} ${when}.` }]
  })
}
