// The columns of one table as the catalogue has them now, for comparing them with what a statement makes of them.
import type { PresentColumn } from './ground.ts'

type Ask = (sql: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>

/** Null when there is no such table. `table` may say its schema. */
export async function readColumns(
  ask: Ask,
  dialect: 'postgres' | 'mysql',
  table: string,
): Promise<PresentColumn[] | null> {
  const rows = dialect === 'postgres' ? await ask(POSTGRES, [regclass(table)]) : await ask(MYSQL, mysqlName(table))
  if (rows.length === 0) return null
  return rows.map(({ name, type, isNotNull, default: value, extra, comment }) => ({
    name: String(name),
    type: String(type),
    isNotNull: Boolean(Number(isNotNull)),
    // MariaDB tells the default NULL as the word.
    default: typeof value === 'string' && value !== 'NULL' ? value : null,
    extras: dialect === 'mysql' ? extrasOf(textOf(extra), textOf(comment)) : [],
  }))
}

const POSTGRES = `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull::int as "isNotNull",
    pg_get_expr(d.adbin, d.adrelid) as "default"
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped order by a.attnum`

const MYSQL = `select COLUMN_NAME as name, COLUMN_TYPE as type, IS_NULLABLE = 'NO' as isNotNull, COLUMN_DEFAULT as \`default\`,
    EXTRA as extra, COLUMN_COMMENT as comment
  from information_schema.COLUMNS where TABLE_SCHEMA = coalesce(?, database()) and TABLE_NAME = ? order by ORDINAL_POSITION`

function regclass(table: string): string {
  return table
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
}

function mysqlName(table: string): [string | null, string] {
  const dot = table.indexOf('.')
  return dot < 0 ? [null, table] : [table.slice(0, dot), table.slice(dot + 1)]
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

function extrasOf(extra: string, comment: string): string[] {
  const found: string[] = []
  if (/auto_increment/i.test(extra)) found.push('AUTO_INCREMENT')
  if (/on update/i.test(extra)) found.push('ON UPDATE')
  if (comment !== '') found.push('COMMENT')
  return found
}
