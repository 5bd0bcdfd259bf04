// A Roster of its own, as another machine would run one: started as a process by the tests of this folder, told by messages
// what to run, and killed where it is told to be.
import { createRouterClient } from '@orpc/server'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Api } from '../../../shared/contract.ts'
import type { MigrationAction } from '../../../shared/migration-runs.ts'
import type { ProfileSettings } from '../../../shared/profiles.ts'
import { createCore } from '../../core.ts'
import { router } from '../../router.ts'
import { openProject } from '../project.ts'
import type { Boundary } from '../run/boundary.ts'
import { runMigrations } from '../run/run.ts'

export interface Begin {
  dataFolder: string
  settings: ProfileSettings
  password: string | null
}

/** `kill`: the process ends itself, as SIGKILL does, at the boundary of this name the nth time (from 1) it comes there. */
export interface Task {
  action: MigrationAction
  kill: { at: Boundary; time: number } | null
  /** Stops the process (SIGSTOP) there instead; whoever started it lets it go on. */
  pause?: boolean
}

export type Told =
  | { kind: 'ready' }
  | { kind: 'reached'; boundary: Boundary }
  | { kind: 'finished'; outcome: string; message: string }
  | { kind: 'broken'; message: string }

const tell = (told: Told) => process.send?.(told)

async function begin({ dataFolder, settings, password }: Begin) {
  const host = createHeadlessHost({ version: 'verify', dataFolder, roots: ['/'] })
  const core = await createCore(host)
  const api: Api = createRouterClient(router, { context: { core } })
  const { id } = await api.profiles.create({ settings, ...(password !== null && { password }) })
  if (settings.dialect !== 'sqlite') await opened(core, id)
  const { folder } = await api.migrations.list({ profileId: id })
  if (folder.trust !== 'built-in') await api.migrations.trust({ profileId: id, content: folder.content })
  return { core, id }
}

function opened(core: Awaited<ReturnType<typeof createCore>>, id: string): Promise<void> {
  const connection = core.databases.connection(id)
  return new Promise((resolve, reject) => {
    core.databases.onChange('state', () => {
      if (connection.state.state === 'open') resolve()
      if (connection.state.state === 'failed') reject(new Error(JSON.stringify(connection.state.cause)))
    })
    connection.open(true)
  })
}

let started: ReturnType<typeof begin> | null = null

async function perform({ action, kill, pause = false }: Task): Promise<void> {
  if (!started) throw new Error('It was not begun.')
  const { core, id } = await started
  const signal = new AbortController().signal
  const project = await openProject(core, id, signal)
  let times = 0
  const onBoundary = (boundary: Boundary) => {
    tell({ kind: 'reached', boundary })
    if (boundary !== kill?.at || ++times !== kill.time) return
    process.kill(process.pid, pause ? 'SIGSTOP' : 'SIGKILL')
  }
  for await (const event of runMigrations({ project, action, signal, onBoundary })) {
    if (event.kind === 'finished') tell({ kind: 'finished', outcome: event.outcome, message: event.message })
  }
}

process.on('message', (message: { begin: Begin } | { task: Task }) => {
  const work =
    'begin' in message
      ? (started = begin(message.begin)).then(() => void tell({ kind: 'ready' }))
      : perform(message.task)
  work.catch((error: unknown) =>
    tell({ kind: 'broken', message: error instanceof Error ? error.message : String(error) }),
  )
})
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0))
