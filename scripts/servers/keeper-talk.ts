// What a process and the keeper of its server say to each other.
import type { ServerKind, ServerOptions } from './server.ts'

export type Wish =
  | { do: 'start'; kind: ServerKind; options: ServerOptions }
  | { do: 'restart'; changed: Readonly<Record<string, string>> }
  | { do: 'stop' | 'kill' | 'pause' | 'resume' | 'end' }

export type Request = Wish & { id: number }

export interface Facts {
  pid: number | null
  port: number
  /** The run's folder, with the logs. */
  folder: string
  logs: readonly string[]
  user: string
  password: string
}

export type Reply = { id: number; facts: Facts } | { id: number; error: string }
/** The server ended by itself, or was ended by someone else. */
export interface Gone {
  gone: number
}
