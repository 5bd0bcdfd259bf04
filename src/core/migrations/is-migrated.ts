// Whether a database is at head of its profile's folder: what a profile that waits for its migrations waits for.
import type { Database } from '../db/database.ts'
import { readLedger } from './ledger.ts'
import { listSteps } from './list-steps.ts'
import { openProject, type ProjectCore } from './project.ts'
import { readHalf } from './run/half.ts'
import { isAtHead } from './state.ts'

/**
 * True when every step of the folder is applied and none is half done. Only reads, and runs no code, so that the folder need
 * not be trusted. Rejects with what `database.schemaLook` throws.
 */
export async function isMigrated(
  core: Omit<ProjectCore, 'databases'>,
  profileId: string,
  database: Database,
  signal: AbortSignal,
): Promise<boolean> {
  const project = await openProject({ ...core, databases: { of: () => database } }, profileId, signal)
  return database.schemaLook(signal, async (look) => {
    const { rows } = await readLedger(database, look, await look.tables())
    const entries = await project.journal.entries(look)
    const half = await readHalf(look, project, entries)
    const steps = listSteps({ files: project.files, rows, entries, half: half?.name ?? null })
    return isAtHead(steps, half !== null || project.folder.problem !== null)
  })
}
