// Makes the tables of a schema again in the scratch schema, without their rows.
import { quote } from '../../db/mysql/literal.ts'
import { tokensOf } from '../plan/tokens.ts'
import { MARK } from './scratch.ts'
import { textOf, type Ask, type Asked } from './parts.ts'
import { wordsOf } from './rehearsal.ts'

/** Engines whose tables are the server's own and reach nowhere else. */
const ENGINES = /^(InnoDB|MyISAM|Aria|MEMORY|CSV|ARCHIVE|BLACKHOLE|ROCKSDB|MyRocks|)$/i

export interface Copied {
  tables: string[]
  /** What is not there in the scratch schema, each with its kind: "view active_users", "table old (its engine is CONNECT)". */
  leftOut: string[]
}

/** Milliseconds between two words on how far it is. */
const TELL_AGAIN = 2_000

/** The session's default database is the scratch schema; foreign keys are off while it works. */
export async function copyTables(
  { ask }: Asked,
  { original, scratch }: { original: string; scratch: string },
  { signal, onProgress }: { signal: AbortSignal; onProgress: (made: number, of: number) => void },
): Promise<Copied> {
  const copied: Copied = { tables: [], leftOut: [] }
  const rows = await ask(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ? ORDER BY TABLE_TYPE <> 'SEQUENCE', BINARY TABLE_NAME`,
    [original],
  )
  await ask('SET SESSION foreign_key_checks = 0')
  let toldAt = performance.now()
  for (const [index, row] of rows.entries()) {
    signal.throwIfAborted()
    if (performance.now() - toldAt >= TELL_AGAIN) {
      toldAt = performance.now()
      onProgress(index, rows.length)
    }
    const [name, type, engine] = [textOf(row.name), textOf(row.type), textOf(row.engine)]
    if (type === 'VIEW') copied.leftOut.push(`view ${name}`)
    else if (!ENGINES.test(engine)) copied.leftOut.push(`table ${name} (its engine is ${engine})`)
    else if (name.toLowerCase() === MARK) copied.leftOut.push(`table ${name} (its name is taken)`)
    else {
      const why = await copyTable(ask, name, original, scratch)
      if (why === null) copied.tables.push(name)
      else copied.leftOut.push(`table ${name} (${why})`)
    }
  }
  await ask('SET SESSION foreign_key_checks = 1')
  const others = await ask(
    `SELECT TRIGGER_NAME AS name, 'trigger' AS kind FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?
     UNION ALL SELECT ROUTINE_NAME, LOWER(ROUTINE_TYPE) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?`,
    [original, original],
  )
  copied.leftOut.push(...others.map(({ kind, name }) => `${textOf(kind)} ${textOf(name)}`))
  return copied
}

async function copyTable(ask: Ask, name: string, original: string, scratch: string): Promise<string | null> {
  try {
    const [row = {}] = await ask(`SHOW CREATE TABLE ${quote(original)}.${quote(name)}`)
    const sql = Object.entries(row).find(([column]) => /^create /i.test(column))?.[1]
    await ask(inScratch(withoutOtherSchemas(textOf(sql)), original, scratch))
    return null
  } catch (error) {
    // A session that is gone fails at the next statement as well.
    return wordsOf(error).replace(/\.$/, '')
  }
}

/** Foreign keys to other schemas would hold on to tables there. */
export function withoutOtherSchemas(sql: string): string {
  const lines = sql.split('\n')
  const kept = lines.filter((line) => !/^\s*CONSTRAINT .* REFERENCES `(?:[^`]|``)+`\.`/.test(line))
  return kept.length === lines.length ? sql : kept.join('\n').replace(/,\n\)/, '\n)')
}

/** Defaults of MariaDB name the schema of their sequence: the scratch schema has one of its own. */
export function inScratch(sql: string, original: string, scratch: string): string {
  const { list } = tokensOf(sql, 'mysql')
  let text = ''
  let end = 0
  for (const [at, token] of list.entries()) {
    const isSchema = token.kind === 'name' && token.text === original && list[at + 1]?.text === '.'
    if (!isSchema) continue
    text += `${sql.slice(end, token.start)}${quote(scratch)}`
    end = token.end
  }
  return text + sql.slice(end)
}
