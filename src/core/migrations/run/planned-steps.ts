// The steps of one run, loaded and looked at before anything is locked or sent: what cannot be run is refused here.
import type { Direction, MigrationList } from '../../../shared/migration-steps.ts'
import type { MigrationAction } from '../../../shared/migration-runs.ts'
import { keyOf } from '../folder/step-name.ts'
import type { Project } from '../project.ts'
import type { Programs, StepFile } from '../step.ts'
import type { JournalEntry } from './journal.ts'
import { findHalf } from './half.ts'
import type { StepToRun } from './run-step.ts'
import { refused } from './step-errors.ts'

/** `batch`: null for one of the run's own. */
export interface PlannedStep extends Omit<StepToRun, 'batch' | 'expected' | 'changesLedger'> {
  /** As the list has it. */
  name: string
  batch: number | null
}

interface Plan {
  action: MigrationAction
  direction: Direction
  names: readonly string[]
  list: MigrationList
}

/** Throws STEP_REFUSED, NOT_TRUSTED. */
export async function planned(
  project: Project,
  programs: Programs,
  { action, direction, names, list }: Plan,
  signal: AbortSignal,
): Promise<PlannedStep[]> {
  const files = names.map((name) => ({ name, file: fileOf(project, name) }))
  const isAgain = action.kind === 'resume' || action.kind === 'undo'
  const half = isAgain ? await project.database.schemaLook(signal, (look) => findHalf(look, project)) : null
  if (isAgain && (!half || half.entry.step === ''))
    throw refused(names[0] ?? '', 'No step ended in the middle. Look at the list again.')
  const found: PlannedStep[] = []
  for (const { name, file } of files) {
    const program = await programs.load(file, signal)
    if (direction === 'down' && !program.hasDown) {
      throw refused(name, `Nothing in ${name} says how to undo it. Nothing was changed.`)
    }
    const step = list.steps.find((one) => one.name === name)
    const again = half && resumed(action, half)
    found.push({
      name,
      file,
      program,
      direction,
      ledgerName: half?.entry.step ?? step?.ledgerName ?? name,
      batch: half?.entry.direction === 'up' ? half.entry.batch : null,
      // What was begun outside of a transaction goes on outside of one.
      isAtomic: project.database.dialect !== 'mysql' && program.wantsTransaction && !again,
      skip: again?.skip ?? [],
      settles: again?.settles ?? null,
    })
  }
  return found
}

/** Refused before anything: a run that would stop in the middle for it helps nobody. */
function fileOf({ files }: Project, name: string): StepFile {
  const file = files.find((one) => one.name === name) ?? files.find((one) => one.key === keyOf(name))
  if (!file)
    throw refused(name, `The file of ${name} is not in the folder. Nothing was changed. Put the file back first.`)
  return file
}

type Half = NonNullable<Awaited<ReturnType<typeof findHalf>>>

function resumed(action: MigrationAction, { entry, kept }: Half): { skip: StepToRun['skip']; settles: JournalEntry } {
  if (action.kind !== 'resume') return { skip: [], settles: entry }
  const { from, name } = action
  const underWay = kept.statements[kept.done]?.state === 'under-way' ? kept.done : null
  const isAllowed = from === kept.done || (underWay !== null && from === underWay + 1)
  if (!isAllowed) {
    const which = underWay === null ? `statement ${kept.done + 1}` : `statement ${kept.done + 1} or ${kept.done + 2}`
    throw refused(name, `${name} can go on from ${which}, and not from ${from + 1}. Look at the list again.`)
  }
  return { skip: kept.statements.slice(0, from).map((one) => ({ ...one, state: 'done' as const })), settles: entry }
}
