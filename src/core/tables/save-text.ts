// The statements of a save as text, for people: exactly those that would run, with their values written in and secrets masked.
import type { Cell } from '../../shared/cell.ts'
import type { StatementText } from '../../shared/table-saves.ts'
import type { Change } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import { Refusal } from '../refusal.ts'
import type { KeptHashes } from '../kept-hashes.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { withHashes } from './kept-values.ts'
import { planOf, type PlanScope } from './save-plan.ts'
import { batchesOf, type Step } from './save-steps.ts'

/** Stands where a password hash would. */
const MASK = '(hidden)'

/** Of at most `most` changes, the first that run; `of` counts all of them. */
export async function textOfSave(
  scope: PlanScope & { kept?: KeptHashes },
  asked: readonly Change[],
  most: number,
): Promise<{ statements: StatementText[]; of: number }> {
  checkColumns(scope.shape, asked)
  const { kept } = scope
  const changes = kept ? await withHashes({ ...scope, kept, earlier: null }, asked) : asked
  const shown = new Set<string>()
  const steps = (await planOf(scope, changes)).filter(({ change: { id } }) => {
    if (shown.size < most) shown.add(id)
    return shown.has(id)
  })
  const statements: StatementText[] = []
  const asShown = steps.map(masked)
  for (const { sql, rows } of batchesOf(scope.dialect, scope.shape, asShown)) {
    for (const values of rows) {
      const { change } = asShown[statements.length] as Step
      statements.push({ changeId: change.id, sql: `${scope.dialect.written({ sql, values })};` })
    }
  }
  return { statements, of: changes.length }
}

function checkColumns(shape: TableShape, changes: readonly Change[]): void {
  const names = new Set(shape.columns.map(({ name }) => name))
  for (const change of changes) {
    const used = [
      ...Object.keys('values' in change ? change.values : {}),
      ...Object.keys('original' in change ? change.original : {}),
    ]
    const missing = used.find((name) => !names.has(name))
    if (missing === undefined && (change.kind === 'insert' || change.key.length === shape.key.length)) continue
    const what = missing === undefined ? 'has another key now' : `has no column ${missing} any more`
    throw new Refusal('QUERY_FAILED', `${shape.name} ${what}. Reload the table.`, { code: 'NO_COLUMN' })
  }
}

function masked(step: Step): Step {
  return { ...step, values: withMask(step.values), guard: withMask(step.guard) }
}

function withMask(cells: Readonly<Record<string, Cell>>): Readonly<Record<string, Cell>> {
  if (!Object.keys(cells).some(isSecretColumn)) return cells
  const masked = ([name, value]: [string, Cell]): [string, Cell] => [
    name,
    isSecretColumn(name) && value !== null ? MASK : value,
  ]
  return Object.fromEntries(Object.entries(cells).map(masked))
}
