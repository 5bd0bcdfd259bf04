// What a verb would stage in the chosen rows: each row is worked out by itself, and one that is refused is named. Nothing is staged.
import type { Cell } from '../../../shared/cell.ts'
import type { Column, TableDescription } from '../../../shared/tables.ts'
import { applyVerb, type Chance, type UserVerb, type VerbResult } from '../../../shared/user-verbs.ts'
import { foreignWords } from '../../grid/cell-text.ts'
import { cellShown, type GridLine } from '../../grid/grid-line.ts'
import type { Edit } from '../../tables/changes.ts'
import type { RefusedCell } from '../../tables/clipboard/paste-plan.ts'
import type { WholeOf } from '../../tables/selection/whole-cells.ts'

/** `lock` and `password` write the texts that name what the host keeps, in the order of the rows. */
export type Doing = { verb: UserVerb } | { verb: 'lock' | 'password'; kept: ReadonlyMap<string, string> }

export interface VerbScope {
  description: Pick<TableDescription, 'columns' | 'owner'>
  /** Why a cell of this row cannot be changed at all, or null. */
  refusal: (line: GridLine, column: Column) => string | null
  shown: WholeOf
  stored: WholeOf
}

export interface VerbPlan {
  edits: Edit[]
  /** Rows of the edits. */
  rows: number
  /** Columns of the edits, each with the value of its first one. */
  columns: Map<string, Cell>
  /** Rows in which the verb changes nothing, by why: "inactive already". Where they are signed out, they are among `rows` too. */
  already: Map<string, number>
  /** Rows that the verb itself changes. */
  done: number
  refused: RefusedCell[]
}

export function planVerb(
  doing: Doing,
  isSignedOut: boolean,
  scope: VerbScope,
  lines: readonly GridLine[],
  chance: Chance,
): VerbPlan {
  const plan: VerbPlan = { edits: [], rows: 0, columns: new Map(), already: new Map(), done: 0, refused: [] }
  for (const line of lines) {
    const made = madeOf(doing, scope, line, chance)
    if ('why' in made) {
      plan.refused.push({ line, column: firstColumn(doing, scope), text: '', why: made.why })
      continue
    }
    const signed = isSignedOut ? applyVerb('sign-out', scope.description, () => undefined, chance) : { values: {} }
    const values = { ...('values' in made ? made.values : {}), ...('values' in signed ? signed.values : {}) }
    const edits = editsOf(scope, line, values)
    if ('why' in edits) {
      plan.refused.push({ line, text: '', ...edits })
      continue
    }
    if ('already' in made) plan.already.set(made.already, (plan.already.get(made.already) ?? 0) + 1)
    else plan.done += 1
    if (edits.edits.length === 0) continue
    plan.rows += 1
    for (const edit of edits.edits) plan.edits.push(edit)
    for (const [name, value] of Object.entries(values)) if (!plan.columns.has(name)) plan.columns.set(name, value)
  }
  return plan
}

function firstColumn({ verb }: Doing, { description: { owner } }: VerbScope): string {
  const user = owner?.user
  const active = user?.active ?? user?.gate?.column
  const names = {
    activate: active,
    deactivate: active,
    confirm: user?.confirmedAt ?? user?.gate?.column,
    unconfirm: user?.confirmedAt,
    'sign-out': user?.uniquifier,
    lock: user?.password,
    password: user?.password,
  }
  return names[verb] ?? user?.email ?? ''
}

function madeOf(doing: Doing, { description, shown, refusal }: VerbScope, line: GridLine, chance: Chance): VerbResult {
  const { columns, owner } = description
  const at = (name: string) => columns.findIndex((column) => column.name === name)
  if (!('kept' in doing)) return applyVerb(doing.verb, description, (name) => shown(line, at(name)), chance)
  const name = owner?.user?.password ?? ''
  const column = columns[at(name)]
  const text = doing.kept.get(line.id)
  if (!column) return { why: 'There is no column for passwords any more.' }
  if (text === undefined)
    return { why: refusal(line, { ...column, isSecret: false }) ?? 'There is no new password for this row.' }
  const held = cellShown(line, column, at(name))?.cell
  if (doing.verb === 'lock' && held === null) return { already: 'locked already' }
  return { values: { [name]: text } }
}

/** All of a row, or none: half a verb is another one. */
function editsOf(
  { description: { columns }, refusal, stored }: VerbScope,
  line: GridLine,
  values: Readonly<Record<string, Cell>>,
): { edits: Edit[] } | { why: string; column: string } {
  const edits: Edit[] = []
  for (const [name, value] of Object.entries(values)) {
    const index = columns.findIndex((each) => each.name === name)
    const column = columns[index]
    if (!column) return { column: name, why: `There is no column ${name} any more.` }
    // A secret is never typed into; what is written here was hashed.
    const why = refusal(line, { ...column, isSecret: false })
    if (why !== null) return { column: name, why }
    if (!line.row) edits.push({ do: 'set-new', id: line.id, column: name, value })
    else if (column.isSecret) edits.push({ do: 'set-secret', key: line.row.key, column: name, value: String(value) })
    else {
      const original = stored(line, index)
      if (original === undefined) return { column: name, why: 'The stored value could not be read in whole.' }
      const foreign = foreignWords(column, original)
      if (foreign !== null) return { column: name, why: foreign }
      edits.push({ do: 'set', key: line.row.key, column: name, original, value })
    }
  }
  return { edits }
}
