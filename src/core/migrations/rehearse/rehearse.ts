// Rehearses an action: its steps are done for real where that can be taken back, shown, and taken back.
import type { MigrationAction, RehearsalEvent } from '../../../shared/migration-runs.ts'
import { isApplied } from '../../../shared/migration-order.ts'
import type { MigrationList } from '../../../shared/migration-steps.ts'
import { streamEvents } from '../../event-queue.ts'
import { Refusal } from '../../refusal.ts'
import { stepsOf } from '../action-steps.ts'
import { NOT_ON_CLUSTER } from '../plan/cluster-ground.ts'
import type { Project } from '../project.ts'
import { takeLock } from '../run/lock.ts'
import { ledgerNames, tableExists } from '../run/ledger-rows.ts'
import { openSchemaSession, type SchemaSession } from '../run/schema-session.ts'
import { readState } from '../state.ts'
import type { Programs } from '../step.ts'
import { rehearseInTransaction } from './in-transaction.ts'
import { rehearseOnScratch } from './on-scratch.ts'
import { nothingShown, say, type Ending, type RehearsedStep, type Rehearsal } from './rehearsal.ts'

export interface RehearseOptions {
  project: Project
  action: MigrationAction
  signal: AbortSignal
}

/**
 * The last event is `finished`; what cannot even be begun is thrown as a Refusal (STEP_REFUSED, NOT_TRUSTED).
 * Nothing is kept, also when the signal is aborted or the reader leaves. Neither ledger nor journal are written.
 */
export function rehearse({ project, action, signal }: RehearseOptions): AsyncGenerator<RehearsalEvent, void> {
  return streamEvents<RehearsalEvent>(signal, async (push, signal) => {
    const began = performance.now()
    const since = () => Math.round(performance.now() - began)
    const ending = await work(project, action, { signal, push, since })
    push({ kind: 'finished', ...ending, ms: since() })
  })
}

async function work(
  project: Project,
  action: MigrationAction,
  { signal, push, since }: Pick<Rehearsal, 'signal' | 'push' | 'since'>,
): Promise<Ending> {
  if (action.kind === 'resume' || action.kind === 'undo') {
    const why = `${action.name} ended in the middle, and what is left of it depends on what was done: that is not rehearsed.`
    throw new Refusal('STEP_REFUSED', why, { name: action.name })
  }
  if (await project.database.cluster?.(signal)) return nothingShown('failed', NOT_ON_CLUSTER)
  const list = await readState(project, signal)
  if (list.blocked !== null) return nothingShown('failed', list.blocked)
  // A run is waited for; a lock that may be left behind is not.
  if (list.lock !== null && list.lock.kind !== 'run') return nothingShown('failed', list.lock.message)
  const { direction, names } = stepsOf(action, list)
  if (names.length === 0) return nothingShown('done', 'There is no step to rehearse.')
  const programs = project.openPrograms()
  try {
    const { database, person } = project
    const rehearsal: Rehearsal = {
      database,
      direction,
      steps: names.map((name) => rehearsedStep(project, programs, name)),
      signal,
      person,
      push,
      since,
      open: (signal) => openSchemaSession(database, signal),
      async lock(session) {
        const onWaiting = (message: string) => say({ push, since }, message)
        await takeLock(session, { journal: project.journal, signal, onWaiting, person })
        await refuseIfChanged(session, list)
      },
    }
    return await (database.dialect === 'mysql' ? rehearseOnScratch(rehearsal) : rehearseInTransaction(rehearsal))
  } catch (error) {
    // The lock is held by another run: an end like any other, and no error of the call.
    if (error instanceof Refusal && error.code === 'LOCK_HELD') return nothingShown('failed', error.message)
    throw error
  } finally {
    await programs.close()
  }
}

/** What a person was shown is still so: a run that was waited for has changed it. */
async function refuseIfChanged(session: SchemaSession, { steps }: MigrationList): Promise<void> {
  const now = (await tableExists(session, 'knex_migrations')) ? await ledgerNames(session) : []
  const known = steps.filter(isApplied).map(({ name, ledgerName }) => ledgerName ?? name)
  const isSame = now.length === known.length && now.every(({ name }) => known.includes(name))
  if (isSame) return
  const why = 'Another program has run or undone steps meanwhile. Look at the list again. Nothing was rehearsed.'
  throw new Refusal('STEP_REFUSED', why, { name: '' })
}

function rehearsedStep({ files }: Project, programs: Programs, name: string): RehearsedStep {
  return {
    name,
    load(signal) {
      const file = files.find((file) => file.name === name)
      if (!file) throw new Refusal('STEP_REFUSED', `The file of ${name} is not in the folder.`, { name })
      return programs.load(file, signal)
    },
  }
}
