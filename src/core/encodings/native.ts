// The encodings that a declared type leaves no doubt about: the server's own booleans, dates and times.
import type { Codec } from '../../shared/codecs.ts'
import type { MomentShape } from '../../shared/moments.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { ShapeColumn } from '../db/database.ts'

/** Six digits after the second, as SQLAlchemy writes: the usual owner of a file where none is recognised. */
export const usualDatetime: MomentShape = {
  of: 'datetime',
  separator: ' ',
  hasSeconds: true,
  fraction: { rule: 'fixed', digits: 6 },
  zone: 'none',
  storage: 'text',
}

export function momentCodec(shape: Partial<MomentShape>): Codec {
  return { kind: 'moment', shape: { ...usualDatetime, ...shape } }
}

/** Null when the type leaves open how its values are written. */
export function nativeCodec({ type, kind }: Pick<ShapeColumn, 'type' | 'kind'>, dialect: Dialect): Codec | null {
  // A domain has a name of its own, and the kind of what it stands on.
  if (dialect === 'postgres') return postgresCodec(kind === 'boolean' || kind === 'date' ? kind : type.toLowerCase())
  return dialect === 'mysql' ? mysqlCodec(type.toLowerCase()) : null
}

function postgresCodec(type: string): Codec | null {
  if (/^bool(ean)?$/.test(type)) return { kind: 'boolean', spelling: 'boolean' }
  if (type === 'date') return momentCodec({ of: 'date', storage: 'postgres' })
  const found = /^(timestamp|time)(tz)?(?:\((\d)\))?( with time zone| without time zone)?$/.exec(type)
  if (!found) return null
  const [, name, tz, digits = '6', zone = ''] = found
  return momentCodec({
    of: name === 'time' ? 'time' : 'datetime',
    fraction: { rule: 'trimmed', digits: Number(digits) },
    zone: tz || zone.startsWith(' with ') ? 'hours' : 'none',
    storage: 'postgres',
  })
}

function mysqlCodec(type: string): Codec | null {
  if (type === 'date') return momentCodec({ of: 'date', storage: 'mysql' })
  const found = /^(datetime|timestamp|time)(?:\((\d)\))?(?= |$)/.exec(type)
  if (!found) return null
  return momentCodec({
    of: found[1] === 'time' ? 'time' : 'datetime',
    fraction: { rule: 'fixed', digits: Number(found[2] ?? 0) },
    storage: 'mysql',
  })
}
