// What the keeper must know about an engine: where its program is, how data is made, how it is started and ended.
import { spawnSync } from 'node:child_process'
import type { Account } from './account.ts'

export interface Found {
  /** The server's program. */
  program: string
  /** As the program says it. */
  version: string
  account: Account
}

/** Where a run's files are. */
export interface Place {
  /** The run's own folder; the server may write here. */
  folder: string
  data: string
  port: number
}

export interface Engine {
  name: string
  /** Throws an Error whose message says what is missing and how to get it. */
  find(): Found
  /** Makes `place.data` with an admin user of this name and password; nothing runs afterwards. */
  prepare(found: Found, place: Place, admin: Admin): Promise<void>
  args(place: Place, settings: Readonly<Record<string, string>>): string[]
  /** In the log as soon as it takes connections. */
  ready: RegExp
  /** In the log when another program has the port. */
  portTaken: RegExp
  /** Ends it cleanly without waiting for its clients. */
  stopSignal: NodeJS.Signals
  /** Files of the run's folder that together are its log. */
  logs: readonly string[]
  /** What a killed server leaves outside its folder. */
  cleanUp?(place: Place): void
}

export interface Admin {
  user: string
  password: string
}

/** Runs a program to its end as the server's account; throws with its last words when it fails. */
export function runAs(account: Account, program: string, args: readonly string[]): string {
  const ended = spawnSync(program, args, { ...account, cwd: '/', encoding: 'utf8', env: plainEnvironment() })
  if (ended.status === 0) return ended.stdout
  const said = ended.error?.message ?? `${ended.stderr}${ended.stdout}`.trim()
  throw new Error(`${program} ${args[0] ?? ''} failed: ${said}`)
}

/** Nothing of this process's settings changes the server: no PG*, no MYSQL*, no locale. */
export function plainEnvironment(programs?: string): NodeJS.ProcessEnv {
  return {
    PATH: `${programs === undefined ? '' : `${programs}:`}${process.env.PATH ?? ''}:/usr/sbin:/sbin`,
    LC_ALL: 'C',
    ...(process.env.TZ ? { TZ: process.env.TZ } : {}),
  }
}
