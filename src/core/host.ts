// What a host must give to core. Core never knows whether a window or a browser is asking.

/** A process of our own that core talks to by messages (structured clone: bigint and bytes survive). */
export interface HostProcess {
  /** Undefined until the process has started. */
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, also when the process could not be started. */
  onExit(listener: (code: number | null, signal: string | null) => void): void
  /** Ends the process at once (SIGKILL), by its id. */
  kill(): void
}

/**
 * Secrets sealed with a key that the system keeps for this person. Errors are in words for a person: what happened and what
 * to do next.
 */
export interface Secrets {
  /**
   * True when `seal` works now. Without a real keychain that takes the person's consent (see secrets-consent.ts): what is
   * sealed then can be read by whoever can read the file.
   */
  isAvailable(): Promise<boolean>
  /** Rejects when nothing may be, or can be, sealed. */
  seal(text: string): Promise<Uint8Array>
  /**
   * Rejects when the key is gone or the bytes are not what was sealed. When the key was replaced in the meantime, `renew` is
   * called with the text sealed anew, to be stored in place of the old bytes; it is waited for.
   */
  open(sealed: Uint8Array, renew?: (sealed: Uint8Array) => Promise<void>): Promise<string>
}

export interface Host {
  readonly kind: 'desktop' | 'browser'
  readonly version: string
  /** Where Roster keeps profiles, the sample database and its log. Exists. */
  readonly dataFolder: string
  readonly logFile: string
  /** Folders a person may choose files from; null where a native dialog does the choosing. Real paths. */
  readonly fileRoots: readonly { name: string; path: string }[] | null
  /** Shows the native dialog for a file (or a folder); null when it was cancelled. Throws where there is none (see `fileRoots`). */
  pickPath(title: string, kind?: 'file' | 'folder'): Promise<string | null>
  /** Shows a file in its folder, selected and not opened: the system might run it. Null where the host cannot (a browser). */
  readonly showFile: ((path: string) => void) | null
  /**
   * Asks the person natively, where the page cannot answer for them; false when they did not agree, and where nothing but
   * the page could be asked (the browser host).
   */
  confirm(question: { message: string; detail: string; yes: string }): Promise<boolean>
  /**
   * Starts one of Roster's own child processes. The only way to start a process. `migration` runs code that is not Roster's:
   * what it prints goes nowhere. `hashing` is given passwords in clear: what it prints goes nowhere either.
   */
  spawn(entry: 'sqlite' | 'migration' | 'hashing'): HostProcess
  /** Null where the system offers no place for secrets (the browser host): they live in memory alone then. */
  readonly secrets: Secrets | null
  /** Opens an https address in the person's browser. */
  openExternal(url: string): Promise<void>
  /** Writes to the log, which stays on this machine. `detail` may be an Error: its stack is logged whole. */
  log(level: 'info' | 'warn' | 'error', message: string, detail?: unknown): void
}
