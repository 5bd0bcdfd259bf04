// Starts runners (runner.test-setup.ts) and speaks with them; every one is ended by its id.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { profileSettings } from '../../../shared/profiles.ts'
import type { Engine, Opened } from '../../tables/engines.test-setup.ts'
import type { Begin, Task, Told } from './runner.test-setup.ts'

/** Milliseconds until a runner has to have said what is waited for. */
const LIMIT = 120_000

export interface Runner {
  readonly pid: number
  /** How the run ended; `killed` when the process ended before it could say. */
  run(task: Task): Promise<{ outcome: string; message: string }>
  /** Resolves when it has come to its boundary. */
  reached(boundary: string): Promise<void>
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
  end(): Promise<void>
}

/** A runner on the same database, with this folder of steps. */
export function runnerOf(engine: Engine, opened: Opened, migrationsFolder: string): Promise<Runner> {
  const profile = opened.core.profiles.get(opened.profileId)
  const settings = profileSettings.parse({
    ...{ name: 'runner', dialect: engine.dialect, migrationsFolder },
    ...(profile.dialect === 'sqlite'
      ? { file: profile.file }
      : { host: profile.host, port: profile.port, database: profile.database, user: profile.user }),
    ...(profile.dialect !== 'sqlite' && { secret: { kind: 'ask' } }),
  })
  return startRunner({ settings, password: engine.server?.().password ?? null })
}

/** `settings` with the folder of steps. */
export async function startRunner(begin: Omit<Begin, 'dataFolder'>): Promise<Runner> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'roster-runner-'))
  const child = fork(join(import.meta.dirname, 'runner.test-setup.ts'), [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.send({ begin: { ...begin, dataFolder } })
  const first = await told(child, ({ kind }) => kind === 'ready' || kind === 'broken')
  if (first?.kind !== 'ready') throw new Error(`The runner did not begin: ${JSON.stringify(first)}`)
  return {
    pid: child.pid ?? 0,
    async run(task) {
      const answer = told(child, ({ kind }) => kind === 'finished' || kind === 'broken')
      child.send({ task })
      const last = await answer
      if (last === null) return { outcome: 'killed', message: '' }
      if (last.kind === 'finished') return last
      return { outcome: 'broken', message: 'message' in last ? last.message : '' }
    },
    async reached(boundary) {
      await told(child, (message) => message.kind === 'reached' && message.boundary === boundary)
    },
    signal: (signal) => void child.kill(signal),
    async end() {
      child.kill('SIGKILL')
      await ended
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

/** The first message that is meant; null when the process ends before. */
function told(child: ChildProcess, isMeant: (message: Told) => boolean): Promise<Told | null> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => done(() => reject(new Error('The runner said nothing in time.'))), LIMIT)
    const onMessage = (message: Told) => isMeant(message) && done(() => resolve(message))
    const onExit = () => done(() => resolve(null))
    const done = (act: () => void) => {
      clearTimeout(late)
      child.off('message', onMessage)
      child.off('exit', onExit)
      act()
    }
    child.on('message', onMessage)
    child.once('exit', onExit)
    if (child.exitCode !== null || child.signalCode !== null) onExit()
  })
}
