// A Roster in the stand-in, for tests: starts the real bundles in a process of their own and drives what is around them.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import type { Command, Commands, WindowAct, WindowState } from './control.ts'
import type { DialogKind, Question } from './dialog.ts'
import type { Recorded } from './record.ts'

const project = join(import.meta.dirname, '../..')

export interface StandinOptions {
  dataFolder: string
  /** Further arguments of the command line. */
  args?: readonly string[]
  env?: Readonly<Record<string, string>>
  /** The working directory. */
  folder?: string
  /** The program instead of Roster's main bundle; for checks of the stand-in itself. */
  main?: string
}

type Answer = { id: number; value?: unknown; error?: string } | { event: Recorded }

export class Standin {
  readonly process: ChildProcess
  /** Everything recorded so far, oldest first. */
  readonly records: Recorded[] = []
  /** What the process wrote. */
  output = ''
  errors = ''
  /** Settles when the process has ended, with its code. */
  readonly ended: Promise<number>
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  #asked = 0
  readonly #profile = mkdtempSync(join(tmpdir(), 'roster-standin-'))
  #browser: Browser | null = null

  /** Starts without waiting for a window. */
  constructor({ dataFolder, args = [], env = {}, folder = project, main }: StandinOptions) {
    const bundle = main ?? join(project, 'out/main/desktop.js')
    this.process = fork(bundle, ['--data-dir', dataFolder, ...args], {
      cwd: folder,
      env: {
        ...process.env,
        XDG_CONFIG_HOME: join(dataFolder, '..', 'config'),
        STANDIN_KEYCHAIN: dataFolder,
        STANDIN_PROFILE: this.#profile,
        ...env,
      },
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', join(import.meta.dirname, 'register.ts')],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.process.stdout?.on('data', (text: Buffer) => (this.output += text.toString()))
    this.process.stderr?.on('data', (text: Buffer) => (this.errors += text.toString()))
    this.process.on('message', (message) => this.#heard(message as Answer))
    this.ended = new Promise((resolve) => {
      this.process.once('exit', (code, signal) => {
        const words = `The stand-in ended with ${signal ?? code}. ${this.errors}`
        for (const call of this.#waiting.values()) call.reject(new Error(words))
        this.#waiting.clear()
        // Chromium may still be ending; a start that was only a second one never had it.
        rmSync(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
        resolve(code ?? -1)
      })
    })
  }

  /** Starts and waits until the window's page is loaded. */
  static async start(options: StandinOptions): Promise<Standin> {
    const standin = new Standin(options)
    await standin.page()
    return standin
  }

  ask<K extends keyof Commands>(name: K, ...args: Parameters<Commands[K]>): Promise<Awaited<ReturnType<Commands[K]>>> {
    return new Promise((resolve, reject) => {
      if (!this.process.connected) return reject(new Error(`The stand-in is gone. ${this.errors}`))
      const id = ++this.#asked
      this.#waiting.set(id, { resolve: resolve, reject })
      this.process.send({ id, name, args } satisfies Command)
    })
  }

  /** The first window's page, for Playwright. After a crash the window has another page: ask again. */
  async page(timeout = 20_000): Promise<Page> {
    const until = Date.now() + timeout
    this.#browser ??= await this.#connect()
    while (Date.now() < until) {
      const [window] = await this.windows()
      const page = window?.targetId && window.url !== '' ? await this.#pageOf(window.targetId) : null
      if (page) return page
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`No window came within ${timeout} ms. ${this.errors}`)
  }

  async #connect(): Promise<Browser> {
    const endpoint = await this.ask('endpoint')
    try {
      return await chromium.connectOverCDP(endpoint)
    } catch (error) {
      throw new Error(`Chromium could not be reached. ${this.errors}`, { cause: error })
    }
  }

  readonly #known = new WeakMap<Page, string>()
  async #pageOf(targetId: string): Promise<Page | null> {
    for (const page of this.#browser?.contexts()[0]?.pages() ?? []) {
      if (!this.#known.has(page)) {
        const session = await page.context().newCDPSession(page)
        const { targetInfo } = await session.send('Target.getTargetInfo')
        await session.detach()
        this.#known.set(page, targetInfo.targetId)
        // Playwright would answer a page that wants to stay by itself; here the app answers.
        page.on('dialog', () => undefined)
      }
      if (this.#known.get(page) === targetId) return page
    }
    return null
  }

  windows(): Promise<WindowState[]> {
    return this.ask('windows')
  }
  act(act: WindowAct): Promise<void> {
    return this.ask('act', act)
  }
  quit(): Promise<void> {
    return this.ask('quit')
  }

  readonly dialogs = {
    /** Answers the next dialog of that kind before it is asked. */
    prepareOpen: (path: string | null) =>
      this.ask('prepareAnswer', 'open', { canceled: path === null, filePaths: path === null ? [] : [path] }),
    prepareMessage: (response: number) => this.ask('prepareAnswer', 'message', { response, checkboxChecked: false }),
    prepare: (kind: DialogKind, answer: unknown) => this.ask('prepareAnswer', kind, answer),
    open: () => this.ask('openDialogs'),
    /** Waits until a dialog is open. */
    next: async (timeout = 10_000): Promise<Question> => {
      const until = Date.now() + timeout
      while (Date.now() < until) {
        const [question] = await this.ask('openDialogs')
        if (question) return question
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
      throw new Error(`No dialog was opened within ${timeout} ms.`)
    },
    answer: (id: number, answer: unknown) => this.ask('answerDialog', id, answer),
    /** Everything asked so far. */
    asked: () => this.recorded<Question>('dialog'),
    errorBoxes: () => this.recorded<{ title: string; content: string }>('error-box'),
  }

  readonly menu = {
    list: () => this.ask('menu'),
    /** By id, label or role. */
    click: (name: string) => this.ask('clickMenu', name),
    press: (accelerator: string) => this.ask('accelerator', accelerator),
  }

  /** Details of everything recorded under that word (see README.md). */
  recorded<T = Record<string, unknown>>(what: string): T[] {
    return this.records.filter((one) => one.what === what).map((one) => one.detail as T)
  }

  /** Ends the process at once, as a crash would; its children notice. */
  async kill(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGKILL')
    await this.#leave()
  }

  /** Ends in order; after 10 s the hard way. Returns the exit code. */
  async stop(): Promise<number> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM')
      const timer = setTimeout(() => this.process.kill('SIGKILL'), 10_000)
      await this.ended
      clearTimeout(timer)
    }
    await this.#leave()
    return this.ended
  }

  async #leave(): Promise<void> {
    await this.ended
    await this.#browser?.close().catch(() => undefined)
    this.#browser = null
    // What Chromium wrote on its way out.
    await new Promise((resolve) => setTimeout(resolve, 200))
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  #heard(message: Answer): void {
    if ('event' in message) return void this.records.push(message.event)
    const call = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error === undefined) call?.resolve(message.value)
    else call?.reject(new Error(message.error))
  }
}
