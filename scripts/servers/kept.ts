// The server that a keeper keeps: its folder, its processes, and what can be done to it.
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { plainEnvironment, type Admin, type Engine, type Found, type Place } from './engine.ts'
import { freePort } from './free-port.ts'
import type { Facts, Request } from './keeper-talk.ts'
import { mariadbEngine } from './mariadb-engine.ts'
import { postgresEngine } from './postgres-engine.ts'
import { killTree, signalEach, stopTree, treeOf, whenGone } from './process-tree.ts'
import { copyTemplate, giveTo } from './template.ts'
import type { ServerKind, ServerOptions } from './server.ts'

const engines: Record<ServerKind, Engine> = { postgres: postgresEngine, mysql: mariadbEngine }
/** Milliseconds. */
const START_LIMIT = 30_000
const STOP_LIMIT = 10_000
const LOOK_EVERY = 5
/** Other programs may take a port between looking and using it. */
const PORT_TRIES = 10

interface Run {
  engine: Engine
  found: Found
  place: Place
  admin: Admin
  settings: Readonly<Record<string, string>>
  programs: string | undefined
}

class PortTaken extends Error {}

export class Keeper {
  readonly #onGone: (pid: number) => void
  #folder: string | null = null
  #run: Run | null = null
  #server: ChildProcess | null = null

  constructor(onGone: (pid: number) => void) {
    this.#onGone = onGone
  }

  async fulfil(request: Request): Promise<void> {
    switch (request.do) {
      case 'start':
        return this.#begin(request.kind, request.options)
      case 'stop':
        return this.#stop()
      case 'kill':
        return this.#kill()
      case 'pause':
        if (this.#pid !== null) stopTree(this.#pid)
        return
      case 'resume':
        return this.#resume()
      case 'restart':
        await this.#stop()
        this.#running().settings = { ...this.#running().settings, ...request.changed }
        return this.#start()
      case 'end':
        return this.end()
    }
  }

  facts(): Facts {
    const { place, admin, engine } = this.#running()
    const logs = engine.logs.map((name) => join(place.folder, name))
    return { pid: this.#pid, port: place.port, folder: place.folder, logs, ...admin }
  }

  /** Ends the server at once and removes all it had. */
  async end(): Promise<void> {
    await this.#kill()
    if (this.#run) this.#run.engine.cleanUp?.(this.#run.place)
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }

  get #pid(): number | null {
    return this.#server?.pid ?? null
  }

  #running(): Run {
    if (!this.#run) throw new Error('No server was started.')
    return this.#run
  }

  async #begin(kind: ServerKind, { port, settings = {}, programs }: ServerOptions): Promise<void> {
    const engine = engines[kind]
    const found = engine.find()
    const folder = mkdtempSync(join(tmpdir(), 'roster-server-'))
    this.#folder = folder
    giveTo(found.account, folder)
    // The server's log is for whoever started it; the data folder is closed by itself.
    chmodSync(folder, 0o711)
    const admin = await copyTemplate(engine, found, folder)
    for (let tries = 1; ; tries += 1) {
      const place = { folder, data: join(folder, 'data'), port: port ?? (await freePort()) }
      this.#run = { engine, found, place, admin, settings, programs }
      try {
        return await this.#start()
      } catch (error) {
        if (!(error instanceof PortTaken) || port !== undefined || tries === PORT_TRIES) throw error
      }
    }
  }

  async #start(): Promise<void> {
    const { engine, found, place, settings, programs } = this.#running()
    const log = join(place.folder, 'server.log')
    const from = existsSync(log) ? statSync(log).size : 0
    const file = openSync(log, 'a')
    const server = spawn(found.program, engine.args(place, settings), {
      ...found.account,
      cwd: '/',
      env: plainEnvironment(programs),
      stdio: ['ignore', file, file],
      // Ctrl+C in the terminal is not for the server.
      detached: true,
    })
    closeSync(file)
    let failure: Error | null = null
    server.once('error', (error) => (failure = error))
    server.once('exit', () => {
      if (this.#server !== server) return
      this.#server = null
      if (server.pid !== undefined) this.#onGone(server.pid)
    })
    this.#server = server
    const until = Date.now() + START_LIMIT
    for (;;) {
      const said = readFileSync(log).subarray(from).toString()
      if (engine.ready.test(said)) return
      if (this.#server === null || failure !== null) throw whyNotStarted(engine, place, failure, said)
      if (Date.now() > until) {
        await this.#kill()
        throw new Error(
          `${engine.name} was not ready within ${START_LIMIT / 1000} s. Its log ends:\n${lastLines(said)}`,
        )
      }
      await wait(LOOK_EVERY)
    }
  }

  #resume(): void {
    if (this.#pid !== null) signalEach(treeOf(this.#pid).reverse(), 'SIGCONT')
  }

  async #stop(): Promise<void> {
    const pid = this.#pid
    if (pid === null) return
    this.#resume()
    const tree = treeOf(pid)
    signalEach([pid], this.#running().engine.stopSignal)
    await Promise.race([this.#whenOver(tree), wait(STOP_LIMIT, undefined, { ref: false })])
    await this.#kill()
  }

  async #kill(): Promise<void> {
    const pid = this.#pid
    if (pid === null) return
    const tree = treeOf(pid)
    await killTree(pid)
    await this.#whenOver(tree)
  }

  /** The processes are gone, and this object has been told so. */
  async #whenOver(tree: readonly number[]): Promise<void> {
    await whenGone(tree)
    while (this.#server !== null) await wait(1)
  }
}

function whyNotStarted({ name, portTaken }: Engine, { port }: Place, failure: Error | null, said: string): Error {
  if (portTaken.test(said))
    return new PortTaken(`Port ${port} is used by another program, so ${name} cannot listen there.`)
  return new Error(`${name} did not start: ${failure?.message ?? `its log ends:\n${lastLines(said)}`}`)
}

const lastLines = (text: string) => text.trim().split('\n').slice(-15).join('\n')
