// The program itself: which door a person came through, and choosing a file.
import { z } from 'zod'
import { call, progress } from './procedure.ts'

export const about = z.object({
  version: z.string(),
  /** `desktop`: an Electron window. `browser`: the headless host. */
  host: z.enum(['desktop', 'browser']),
  dataFolder: z.string(),
  logFile: z.string(),
  /** Processor cores of the machine that Roster runs on; stands in for the database server's until somebody states them. */
  cores: z.number().int(),
})
export type About = z.infer<typeof about>

export const folderEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'file']),
  /** Bytes; 0 for a folder. */
  size: z.number(),
  /** Milliseconds since 1970. */
  modifiedAt: z.number(),
  /** True when the file begins with SQLite's own header. */
  isSqlite: z.boolean(),
})
export type FolderEntry = z.infer<typeof folderEntry>

export const folder = z.object({
  path: z.string(),
  /** The folder above, or null at a root. */
  parent: z.string().nullable(),
  roots: z.array(z.object({ name: z.string(), path: z.string() })),
  entries: z.array(folderEntry),
  /** True when the folder holds more than the 2,000 entries listed. */
  isCut: z.boolean(),
})
export type Folder = z.infer<typeof folder>

export const secretStorage = z.object({
  /** `none`: secrets live in memory alone (browser host). `refused`: nothing is stored without a keychain or an agreement. */
  state: z.enum(['none', 'refused', 'ready']),
  /** The person agreed to store secrets without a real keychain: whoever can read the data folder can read them. */
  isAgreed: z.boolean(),
})
export type SecretStorage = z.infer<typeof secretStorage>

/** Commands of the native menu that the page carries out. */
export const pageCommand = z.enum(['open-file', 'save', 'reload', 'undo', 'redo'])
export type PageCommand = z.infer<typeof pageCommand>

/** What the host tells its pages. The browser host has no menu and gets no files, so it has little to tell. */
export const appEvent = z.discriminatedUnion('kind', [
  /** The system handed over a file; it counts as chosen by the person. */
  z.object({ kind: z.literal('open-file'), path: z.string() }),
  /** A `roster:` link names a file: the form is filled in, and nothing is opened until the person says so. */
  z.object({ kind: z.literal('fill-open-file'), path: z.string() }),
  /** A `roster:` link that Roster makes nothing of; why, in words. */
  z.object({ kind: z.literal('link-refused'), message: z.string() }),
  z.object({ kind: z.literal('command'), command: pageCommand }),
  /** Roster is about to end: write what is staged, and say so with `readyToQuit`. */
  z.object({ kind: z.literal('quit-asked'), question: z.string() }),
])
export type AppEvent = z.infer<typeof appEvent>

export const appContract = {
  about: call().output(about),
  /** Desktop only: the native dialog. The path a person chose, or null when they cancelled. */
  pickFile: call(60 * 60_000)
    .errors({ NO_DIALOG: {} })
    .output(z.object({ path: z.string().nullable() })),
  /** Browser host only: a folder inside the roots. Without `path`, the home folder. */
  listFolder: call()
    .errors({ FOLDER_REFUSED: { data: z.object({ path: z.string() }) } })
    .input(z.object({ path: z.string().optional() }))
    .output(folder),
  /** Whether secrets can be stored on this machine, and on what terms. A keychain may ask the person first. */
  secretStorage: call(5 * 60_000).output(secretStorage),
  /** Stores, or takes back, the agreement to keep secrets without a real keychain. The host asks the person natively. */
  agreeToPlainSecrets: call(5 * 60_000)
    .errors({ NO_SECRETS: {} })
    .input(z.object({ isAgreed: z.boolean() }))
    .output(secretStorage),
  /** Runs for as long as the page is there, and tells the host that it is. `page` is new for every document. */
  events: progress(appEvent).input(z.object({ page: z.uuid() })),
  /** Answers `quit-asked`. The host does not wait for it longer than 2 s. */
  readyToQuit: call()
    .input(z.object({ page: z.uuid(), question: z.string() }))
    .output(z.object({})),
}
