// What a change of the schema means for everybody else who works with the table while it runs.
import type { Ground } from './ground.ts'
import type { StatementReading } from './statement.ts'
import { lossOf } from './type-change.ts'

/** To be asked before the statement is answered. What it means for a whole cluster: see `cluster-ground.ts`. */
export async function lockNotes(reading: StatementReading, sql: string, ground: Ground): Promise<string[]> {
  if (!reading.isSchemaChange) return []
  // Nobody works with what the plan has made itself.
  const table = reading.tables.find((name) => ground.realName(name) !== null && ground.isThere(name))
  if (table === undefined) return []
  if (ground.dialect === 'postgres') return postgresNotes(reading, sql, table, ground)
  return ground.dialect === 'mysql' ? mysqlNotes(reading, sql, table, ground) : []
}

/** Defaults that are made for each row, so that each row is written. */
const VOLATILE =
  /\bdefault\s+\(?\s*(?:nextval|random|gen_random_uuid|uuid_\w+|clock_timestamp|timeofday)\s*\(|\bstored\b/i

async function postgresNotes(
  { verb, creates, columns, cannotRunInTransaction }: StatementReading,
  sql: string,
  table: string,
  ground: Ground,
): Promise<string[]> {
  if (verb === 'create index') {
    if (cannotRunInTransaction !== null) return []
    return [`CREATE INDEX lets nobody write to ${table} until it is built. CONCURRENTLY would, outside a transaction.`]
  }
  if (/^create (?:temporary )?table$/.test(verb))
    return [`The foreign key to ${table} waits for those who write to it.`]
  if (!/^(?:alter|drop|truncate)/.test(verb) || !/table|truncate/.test(verb)) return []
  const notes = [
    `${verb.toUpperCase()} waits for everybody who uses ${table}, and lets nobody read or write it until the step has ended.`,
  ]
  const isMade = columns.some(
    ({ how, type, words }) => how === 'add' && (/serial/.test(type ?? '') || /\bstored\b/.test(words)),
  )
  if (isMade || (columns.some(({ how }) => how === 'add') && VOLATILE.test(sql))) notes.push(rewritten(table))
  else if (await changesType(columns, ground)) notes.push(rewritten(table))
  const isKey = creates.some(({ kind }) => kind === 'constraint') && /\bforeign\s+key\b|\bcheck\s*\(/i.test(sql)
  if (isKey && !/\bnot\s+valid\b/i.test(sql)) notes.push(`All rows of ${table} are read for the new constraint.`)
  return notes
}

async function mysqlNotes(
  { verb, creates, columns, drops }: StatementReading,
  sql: string,
  table: string,
  ground: Ground,
): Promise<string[]> {
  if (verb !== 'alter table') return []
  const copies =
    (await changesType(columns, ground)) ||
    drops.some(({ name }) => name === 'primary key') ||
    /\bconvert\s+to\b/i.test(sql) ||
    (creates.some(({ kind }) => kind === 'constraint') && /\bforeign\s+key\b/i.test(sql))
  if (!copies) return []
  return [`This ALTER TABLE copies ${table} whole: nobody can write to it meanwhile, and it needs as much space again.`]
}

async function changesType(columns: StatementReading['columns'], ground: Ground): Promise<boolean> {
  for (const { table, column, how, type } of columns) {
    if ((how !== 'type' && how !== 'redefine') || type === null) continue
    const present = (await ground.columns(table))?.find(({ name }) => name.toLowerCase() === column.toLowerCase())
    if (present && !isSameStorage(present.type, type, ground)) return true
  }
  return false
}

/** The same type, or text that may only become longer. */
function isSameStorage(from: string, to: string, { dialect }: Ground): boolean {
  const isText = (type: string) => /^(?:character varying|varchar|text)\b/.test(type)
  const name = (type: string) =>
    type
      .toLowerCase()
      .replace(/\(\d+\)|\s/g, '')
      .replace('character varying', 'varchar')
  if (isText(from) && isText(to)) return lossOf(from, to, dialect) === null
  return (
    name(from) === name(to) ||
    (name(from).startsWith('int') && /^int(?:eger)?(?:4)?$/.test(name(to)) && name(from) === 'integer')
  )
}

function rewritten(table: string): string {
  return `All rows of ${table} are written anew, which takes as long as the table is large and as much space again.`
}
