// Columns that the application sets by itself in each of its writes: a save sets them too, to now, in the column's own spelling.
import type { Cell } from '../../shared/cell.ts'
import { nowIn, type Codec } from '../../shared/codecs.ts'
import { encodingsOf, type Encodings } from '../encodings/encodings.ts'
import { usualMoment } from '../encodings/usual.ts'
import { ownerOf } from '../owners/owner-of.ts'
import type { PlanScope } from './save-plan.ts'
import type { Step } from './save-steps.ts'

/**
 * The same steps, which set these columns as well where the change gives them no value. They are guarded by nothing and are no
 * part of the change: what is remembered, looked for and taken back does not know of them. A delete sets nothing.
 */
export async function withTouches(scope: PlanScope, steps: Step[]): Promise<Step[]> {
  const { database, dialect, shape, signal } = scope
  if (steps.every(({ kind }) => kind === 'delete')) return steps
  const { touches, writer } = await ownerOf(database, shape, signal)
  if (touches.length === 0) return steps
  const encodings = await encodingsOf(database, dialect, shape, signal)
  const now = new Date().toISOString()
  const set: Record<'update' | 'insert', [string, Cell][]> = { update: [], insert: [] }
  for (const { column, on } of touches) {
    const codec = codecOf(encodings, column, () => usualMoment('datetime', writer))
    const cell = codec && nowIn(codec, now)
    if (cell === null) continue
    set.insert.push([column, cell])
    if (on === 'update') set.update.push([column, cell])
  }
  return steps.map((step) => {
    if (step.kind !== 'update' && step.kind !== 'insert') return step
    const values: Record<string, Cell> = { ...step.values }
    for (const [column, cell] of set[step.kind]) values[column] ??= column in step.values ? null : cell
    return { ...step, values }
  })
}

/** Of a column that is written in several ways the owner's own one; none where a person said that values stay as typed. */
function codecOf(encodings: Encodings, column: string, usual: () => Codec): Codec | null {
  const { codec, encoding } = encodings.get(column) ?? { codec: null, encoding: null }
  return codec ?? (encoding && encoding.basis !== 'chosen' ? usual() : null)
}
