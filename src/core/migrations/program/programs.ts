// The steps of one folder as programs: built-in ones and SQL in this process, foreign JavaScript in one of its own.
import type { Dialect } from '../../../shared/profiles.ts'
import type { Host } from '../../host.ts'
import type { Programs, StepFile } from '../step.ts'
import { builtinProgram } from './builtin-programs.ts'
import { openModuleProcess, type ModuleProcess } from './module-process.ts'
import { sqlProgram } from './sql-program.ts'

export interface ProgramsOptions {
  host: Pick<Host, 'spawn'>
  dialect: Dialect
  /** The folder's real path; null for the steps that Roster ships. */
  path: string | null
  files: readonly StepFile[]
  /**
   * Asked once, when the first step is loaded: as `DatabaseFacts.version`, so that knex compiles for that server. Where it is
   * left out, or fails, knex compiles for the latest.
   */
  version?: () => Promise<string>
  /** Milliseconds. */
  timeouts?: { load?: number }
}

/** Milliseconds for the outermost code of a file: it may import a whole application. */
const LOAD_LIMIT = 60_000

export function openPrograms({ host, dialect, path, version, timeouts = {} }: ProgramsOptions): Programs {
  let modules: ModuleProcess | null = null
  let known: Promise<string | undefined> | null = null

  async function load(step: StepFile, signal: AbortSignal) {
    signal.throwIfAborted()
    if (step.kind === 'sql') return sqlProgram(dialect, step)
    const server = await (known ??= version ? version().catch(() => undefined) : Promise.resolve(undefined))
    signal.throwIfAborted()
    if (path === null) return builtinProgram(dialect, server, step)
    const loadLimit = timeouts.load ?? LOAD_LIMIT
    modules ??= openModuleProcess({ host, dialect, path, version: server, loadLimit })
    return modules.load(step, signal)
  }

  return {
    load,
    close() {
      modules?.close()
      modules = null
      return Promise.resolve()
    },
  }
}
