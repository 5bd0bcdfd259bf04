// Questions about the schema while a plan is made: the database answers, and what the plan has changed is laid over it.
import type { Dialect } from '../../../shared/profiles.ts'
import type { SinkAnswer, StepStatement } from '../step.ts'
import type { GroundAnswer } from './ground.ts'
import { plainName, type Overlay } from './overlay.ts'
import { tokensOf } from './tokens.ts'

interface Parts {
  overlay: Overlay
  dialect: Dialect
  send: (statement: StepStatement) => Promise<SinkAnswer>
}

/** As knex asks on PostgreSQL and MySQL; the schema is bound, or the present one. */
const HAS_TABLE =
  /^select \* from information_schema\.tables where table_name = (?:\$1|\?) and table_schema = (?:current_schema\(\)|database\(\)|\$2|\?)$/i
const HAS_COLUMN =
  /^select \* from information_schema\.columns where table_name = \$1 and column_name = \$2 and table_schema = (?:current_schema\(\)|\$3)$/i
const SHOW_COLUMNS = /^show columns from `((?:[^`]|``)+)`$/i

export async function catalogAnswer(statement: StepStatement, parts: Parts): Promise<GroundAnswer> {
  const { overlay, send } = parts
  const laidOver = await overlaid(statement, parts)
  if (laidOver) return laidOver
  const named = namesIn(statement, parts.dialect)
  // A question that names nothing is about all there is.
  const isRelated =
    overlay.isVague ||
    (overlay.mentioned.size > 0 && (named.length === 0 || named.some((name) => overlay.mentioned.has(name))))
  if (!isRelated) return { answer: await send(statement), dependsOn: 'nothing' }
  const why = 'what earlier statements will have made of the schema'
  if (named.some((name) => overlay.made.has(name))) return { answer: { kind: 'withheld' }, dependsOn: 'steps', why }
  return { answer: await send(statement), dependsOn: 'steps' }
}

/** What knex's hasTable and hasColumn ask, where the plan knows better; null otherwise. */
async function overlaid(statement: StepStatement, { overlay, dialect, send }: Parts): Promise<GroundAnswer | null> {
  if (overlay.isVague) return null
  const { sql, bindings } = statement
  const [first = '', second, third] = bindings.map(String)
  const inSchema = (schema: string | undefined) => (schema === undefined ? first : `${schema}.${first}`)
  const asItIs = async (other: StepStatement = statement): Promise<GroundAnswer> => ({
    answer: await send(other),
    dependsOn: 'nothing',
  })
  if (HAS_TABLE.test(sql)) {
    const asked = inSchema(second)
    const table = overlay.table(asked)
    if (!table) return asItIs()
    if (table.isGone) return said(dialect, [])
    // A table whose columns alone were changed is asked for by its own name.
    if (table.real !== null && plainName(table.real, dialect) === plainName(asked, dialect)) return asItIs()
    return said(dialect, [{ table_name: first, TABLE_NAME: first }])
  }
  if (HAS_COLUMN.test(sql) && second !== undefined) {
    const table = overlay.table(inSchema(third))
    if (!table) return asItIs()
    const has = hasColumn(table, second)
    if (has !== null) return said(dialect, has ? [{ table_name: first, column_name: second }] : [])
    if (table.real === null) return null
    return asItIs({ ...statement, bindings: [lastPart(table.real), ...bindings.slice(1)] })
  }
  const shown = SHOW_COLUMNS.exec(sql)?.[1]?.replaceAll('``', '`')
  if (shown === undefined) return null
  const table = overlay.table(shown)
  if (!table) return asItIs()
  if (table.isGone) return null
  if (table.real === null) {
    return (
      table.columns &&
      said(
        dialect,
        [...table.columns].map((Field) => ({ Field })),
      )
    )
  }
  const answer = await send({ ...statement, sql: `show columns from \`${table.real.replaceAll('`', '``')}\`` })
  if (answer.kind === 'withheld') return null
  const [rows] = answer.response as [{ Field: string }[]]
  const left = rows.filter(({ Field }) => !table.dropped.has(Field.toLowerCase()))
  return said(dialect, [...left, ...[...table.added].map((Field) => ({ Field }))])
}

const lastPart = (name: string) => name.slice(name.lastIndexOf('.') + 1)

/** Null: the database knows. */
function hasColumn(table: NonNullable<ReturnType<Overlay['table']>>, column: string): boolean | null {
  if (table.isGone) return false
  if (table.added.has(column)) return true
  if (table.dropped.has(column)) return false
  return table.columns ? table.columns.has(column) : null
}

/** In the form of the driver's own response. */
function said(dialect: Dialect, rows: Record<string, unknown>[]): GroundAnswer {
  const response =
    dialect === 'postgres' ? { command: 'SELECT', rowCount: rows.length, oid: null, rows, fields: [] } : [rows, []]
  return { answer: { kind: 'response', response }, dependsOn: 'nothing' }
}

/** What the question may be about, in lower case: texts in it, what is bound to it, quoted names. */
function namesIn({ sql, bindings }: StepStatement, dialect: Dialect): string[] {
  const { list } = tokensOf(sql, dialect)
  const written = list.filter(
    ({ kind, text }) => kind === 'string' || (kind === 'name' && !/^(?:information_schema|pg_catalog)$/i.test(text)),
  )
  const after = list.flatMap((token, index) => {
    const before = list[index - 1]
    const isShown =
      list[0]?.text !== 'select' && before?.kind === 'word' && /^(?:from|in|table|describe|desc)$/.test(before.text)
    return token.kind === 'word' && isShown ? [token.name] : []
  })
  const bound = bindings.filter((value) => typeof value === 'string')
  return [...written.map(({ text }) => text), ...after, ...bound].map(
    (name) => name.toLowerCase().split('.').at(-1) ?? '',
  )
}
