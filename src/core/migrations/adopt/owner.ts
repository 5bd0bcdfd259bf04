// Which tool made the users table, as far as its own ledger or the table itself tells.
import type { OtherTool } from '../../../shared/migration-steps.ts'
import type { SchemaLook, TableShape } from '../../db/database.ts'
import { pydalTable } from '../pydal-files.ts'
import { sameName, textOf } from '../read-table.ts'
import type { Index } from './indexes.ts'

export interface Signs {
  shape: TableShape
  indexes: readonly Index[]
  tools: readonly OtherTool[]
  /** The statement that made the table, where the engine keeps it (SQLite). */
  made: string | null
}

/** Null when nothing tells: it was made by hand, or by these migrations. */
export function ownerOf(signs: Signs): string | null {
  const owners = signs.tools.filter((tool) => isAbout(tool, signs.shape.name)).map(({ tool }) => tool)
  const writer = writerOf(signs)
  // web2py and py4web keep PyDAL's records, and their own names say more.
  const shown = writer?.includes('PyDAL') ? owners.filter((tool) => tool !== 'PyDAL') : owners
  return [...new Set([...shown, ...(writer ? [writer] : [])])].join(', ') || null
}

/** A ledger is about the whole database; a record of PyDAL is about one table. */
function isAbout({ tool, lines }: OtherTool, table: string): boolean {
  if (tool !== 'PyDAL') return true
  return lines.some((line) => sameName(pydalTable(line.split(' · ')[0] ?? '') ?? '', table))
}

function writerOf({ shape, indexes, made }: Signs): string | null {
  const names = new Set(shape.columns.map(({ name }) => name.toLowerCase()))
  const has = (...wanted: string[]) => wanted.every((name) => names.has(name))
  if (has('sso_id', 'action_token')) return 'py4web (PyDAL)'
  if (has('registration_key', 'reset_password_key', 'registration_id')) return 'web2py (PyDAL)'
  if (shape.columns.some(({ kind, maxLength }) => kind === 'text' && maxLength === 512)) return 'PyDAL'
  if (has('fs_uniquifier') && [...names].some((name) => /^(tf|us)_|^fs_webauthn_user_handle$/.test(name))) {
    return 'Flask-Security (SQLAlchemy)'
  }
  const isGorm = indexes.some(({ name }) => new RegExp(`^(idx|uix)_${shape.name}_`, 'i').test(name))
  if (isGorm || has('created_at', 'updated_at', 'deleted_at')) return 'GORM'
  // Its own way of writing: a line each, the key behind the columns, and no AUTOINCREMENT.
  const isSqlalchemy =
    made !== null && /\n\s+id INTEGER NOT NULL,/.test(made) && /\n\s+(CONSTRAINT \S+ )?PRIMARY KEY \(id\)/.test(made)
  return isSqlalchemy ? 'SQLAlchemy' : null
}

export async function statementThatMade(look: SchemaLook, table: string): Promise<string | null> {
  const sql = "select sql from sqlite_master where type = 'table' and name = ? collate nocase"
  const { rows } = await look.read({ sql, values: [table] })
  return textOf(rows[0]?.[0])
}
