// How the owner of a table writes what a column of its declared type holds, where no value shows it. Source: interop.md of the
// reference, section 4.
import type { BooleanSpelling, Codec } from '../../shared/codecs.ts'
import type { MomentShape } from '../../shared/moments.ts'
import type { Owner, Writer } from '../../shared/owners.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { ShapeColumn } from '../db/database.ts'
import { momentCodec } from './native.ts'

const SHAPES: Partial<Record<Writer, Partial<MomentShape>>> = {
  sqlalchemy: { fraction: { rule: 'fixed', digits: 6 } },
  // Never a fraction.
  pydal: { fraction: { rule: 'fixed', digits: 0 } },
  // Nanoseconds without trailing zeros, and always an offset.
  gorm: { fraction: { rule: 'trimmed', digits: 9 }, zone: 'offset' },
  // Python's text of a moment: a whole second has no fraction.
  django: { fraction: { rule: 'whole-or-fixed', digits: 6 } },
}

/** SQLAlchemy's way of an owner that is not known: the usual writer of a file. */
export function usualMoment(of: MomentShape['of'], writer: Writer): Codec {
  const { zone = 'none', ...shape } = SHAPES[writer] ?? {}
  return momentCodec({ ...shape, of, zone: of === 'datetime' ? zone : 'none' })
}

export function usualBoolean(column: ShapeColumn, dialect: Dialect): BooleanSpelling {
  if (/^bit/i.test(column.type.trim())) return dialect === 'postgres' ? '1/0' : 'bit'
  return column.kind === 'text' ? 'T/F' : 'integer'
}

/** GORM v2 declares its booleans numeric on SQLite, and nothing else. */
export const isNumericFlag = ({ type }: ShapeColumn, owner: Owner | null, dialect: Dialect): boolean =>
  dialect === 'sqlite' && owner?.name === 'gorm' && /^numeric$/i.test(type.trim())
