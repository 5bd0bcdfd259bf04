// What a database server for tests, or for a person who wants to try, can do; the same for every engine.

export type ServerKind = 'postgres' | 'mysql'

export interface ServerOptions {
  /** 1 to 65535; a free one below the system's ephemeral ports when it is left out. */
  port?: number
  /** More settings of the server, by their own names: `{ max_connections: '5' }`. */
  settings?: Readonly<Record<string, string>>
  /** Folders to look for programs in before those of the system (the state transfer of Galera). */
  programs?: string
}

/** A server that listens on TCP with a password. It ends, and its folder goes, with the process that started it. */
export interface TestServer {
  /** `mysql` is MariaDB here, and whatever answers where a server was given (given.ts). */
  readonly kind: ServerKind
  readonly host: string
  readonly port: number
  /** May do everything, with a password (SCRAM on PostgreSQL, mysql_native_password on MariaDB). */
  readonly user: string
  readonly password: string
  readonly database: string
  /** As the server says it: `16.14`, `10.11.19-MariaDB…`. */
  readonly version: string
  /** Of the running server; null while it is stopped or killed, and for a given server. */
  readonly pid: number | null
  /** False for a server that was given by address: it is not ours to stop, kill or pause. */
  readonly isOwn: boolean
  /** The settings of the standard: DB_TYPE, DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASS. */
  readonly env: Readonly<Record<string, string>>
  readonly url: string
  /** Shuts down cleanly, at most 10 s. The data stays, for restart(). */
  stop(): Promise<void>
  /** SIGKILL to all its processes; resolves when they are gone. The data stays. */
  kill(): Promise<void>
  /** SIGSTOP to all its processes: connections stay open, nothing answers. */
  pause(): Promise<void>
  resume(): Promise<void>
  /**
   * Starts again on the same port and data, after stop() or kill(); a running server is stopped cleanly first. `changed`:
   * settings that are others from now on.
   */
  restart(changed?: Readonly<Record<string, string>>): Promise<void>
  /** Stops it for good and removes its folder. */
  end(): Promise<void>
  /** Runs SQL (one or more statements) on an admin connection of its own; the rows of the last one, as text. */
  admin(sql: string, database?: string): Promise<(string | null)[][]>
  /**
   * What the server has written about itself since it was first started, across restarts. PostgreSQL logs every connection,
   * authentication and disconnection; MariaDB logs refused ones, and every statement with `settings: { general_log: 'ON' }`.
   * Empty for a given server.
   */
  log(): string
  /**
   * A name for what all databases of a server share (a role, a user): the name itself on an own server, one with a suffix on
   * a given server, where end() drops it.
   */
  unique(name: string): string
  [Symbol.asyncDispose](): Promise<void>
}

/** What every server says about itself in words that programs read. */
export function describeServer(at: Pick<TestServer, 'kind' | 'host' | 'port' | 'user' | 'password' | 'database'>) {
  const { kind, host, port, user, password, database } = at
  const scheme = kind === 'postgres' ? 'postgresql' : 'mysql'
  const url = `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`
  return {
    env: {
      DB_TYPE: scheme,
      DB_HOST: host,
      DB_PORT: String(port),
      DB_NAME: database,
      DB_USER: user,
      DB_PASS: password,
    },
    url,
  }
}
