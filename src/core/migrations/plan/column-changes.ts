// What becomes of the columns that a statement changes: compares them with those that are there at this point of the plan.
import type { Ground, PresentColumn } from './ground.ts'
import type { Copy } from './rebuilds.ts'
import type { ColumnChange, StatementReading } from './statement.ts'
import { lossOf } from './type-change.ts'

export interface Findings {
  /** What is lost, as sentences. */
  lost: string[]
  notes: string[]
}

/** To be asked before the statement is answered: afterwards the ground has changed. */
export async function columnFindings({ columns }: StatementReading, ground: Ground): Promise<Findings> {
  const findings: Findings = { lost: [], notes: [] }
  const known = new Map<string, PresentColumn[] | null>()
  for (const change of columns) {
    const { table, column } = change
    // What the plan itself has made holds no row that could be lost.
    if (ground.realName(table) === null) continue
    if (!known.has(table)) known.set(table, await ground.columns(table))
    const present = known.get(table)?.find(({ name }) => same(name, column, ground)) ?? null
    if (change.how === 'add') await added(change, ground, findings)
    if (present && change.type !== null && change.how !== 'add') retyped(change, present, ground, findings)
    if (present && change.how === 'redefine') leftOut(change, present, findings)
    const becomesNotNull = change.isNotNull && change.how !== 'add' && present?.isNotNull !== true
    if (becomesNotNull && (await ground.hasRows(table)) !== false) {
      findings.notes.push(`${column} of ${table} becomes NOT NULL: the statement fails where a row has NULL in it.`)
    }
  }
  return findings
}

const same = (a: string, b: string, { dialect }: Ground) =>
  dialect === 'postgres' ? a === b : a.toLowerCase() === b.toLowerCase()

async function added(
  { table, column, isNotNull, hasDefault }: ColumnChange,
  ground: Ground,
  { lost, notes }: Findings,
): Promise<void> {
  if (!isNotNull || hasDefault) return
  const what = `Adds ${column} to ${table} as NOT NULL without a default`
  if (ground.dialect === 'sqlite') return void notes.push(`${what}: SQLite refuses that.`)
  const hasRows = await ground.hasRows(table)
  if (hasRows === false) return
  const isSure = hasRows ? `${table} has rows` : `${table} may have rows`
  if (ground.dialect === 'postgres') lost.push(`${what}: ${isSure}, and the statement fails where there are any.`)
  else lost.push(`${what}: ${isSure}, which get a made-up value (0, an empty text).`)
}

function retyped(
  { table, column, type }: ColumnChange,
  present: PresentColumn,
  ground: Ground,
  { lost }: Findings,
): void {
  const loss = type === null ? null : lossOf(present.type, type, ground.dialect)
  if (loss !== null) lost.push(`Changes ${column} of ${table} from ${present.type} to ${type ?? ''}: ${loss}.`)
}

/** MySQL keeps nothing of a column that MODIFY and CHANGE do not repeat. */
function leftOut(change: ColumnChange, present: PresentColumn, { lost, notes }: Findings): void {
  const { table, column, isNotNull, hasDefault, type } = change
  const gone = present.extras.filter((extra) => !change.words.includes(extra.toLowerCase()))
  if (present.default !== null && !hasDefault) gone.push(`the default ${present.default}`)
  if (gone.length > 0)
    lost.push(`Drops ${gone.join(', ')} of ${column} in ${table}, as the new definition does not repeat it.`)
  if (present.isNotNull && !isNotNull)
    notes.push(`${column} of ${table} is NOT NULL now, and ${type ?? 'the new definition'} allows NULL.`)
}

/** SQLite: columns of the old table that the new one leaves out, and types that are others. */
export async function rebuildFindings(table: string, copy: Copy, ground: Ground): Promise<Findings> {
  const [before, after] = [await ground.columns(table), await ground.columns(copy.table)]
  const findings: Findings = { lost: [], notes: [`Rebuilds ${table}: all of its rows are written anew.`] }
  for (const old of before ?? []) {
    const now = after?.find(({ name }) => same(name, old.name, ground))
    if (!now) findings.lost.push(`Drops the column ${old.name} of ${table} with its values.`)
    else if (now.type.toLowerCase() !== old.type.toLowerCase()) {
      findings.notes.push(
        `${old.name} of ${table} is ${old.type || 'without a type'} and becomes ${now.type || 'one without a type'}.`,
      )
    }
    if (now?.isNotNull && !old.isNotNull)
      findings.notes.push(`${old.name} of ${table} becomes NOT NULL: the statement fails where a row has NULL in it.`)
  }
  if (copy.isPartial) findings.lost.push(`Keeps only those rows of ${table} that were copied before.`)
  return findings
}
