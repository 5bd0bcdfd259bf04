// Looks for a newer Roster where a feed was configured, and nowhere else: announced, fetched only when the person agrees,
// installed when Roster quits.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Log } from '../core/log.ts'

/** Milliseconds after the window was opened, so that starting pays nothing for it. */
const PAUSE = 15_000

/** What is used of electron-updater. */
export interface Updater {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  allowDowngrade: boolean
  allowPrerelease: boolean
  disableWebInstaller: boolean
  logger: { info(words: unknown): void; warn(words: unknown): void; error(words: unknown): void } | null
  setFeedURL(feed: { provider: 'generic'; url: string }): void
  /** Null where this package cannot update itself. */
  checkForUpdates(): Promise<{ isUpdateAvailable: boolean; updateInfo: { version: string } } | null>
  downloadUpdate(): Promise<unknown>
}

export interface UpdatePlace {
  platform: NodeJS.Platform
  isPackaged: boolean
  /** Where the package keeps app-update.yml, if it was packed with a feed. */
  resources: string
  /** Where a person may name another feed: updates.json with {"feed": "https://…"}. */
  dataFolder: string
}

/** `package`: as app-update.yml says. `setting`: the address to ask instead. Null: nobody is asked. */
export type Feed = { from: 'package' } | { from: 'setting'; url: string } | null

const setting = z.strictObject({ feed: z.url({ protocol: /^https$/ }) })

/**
 * The package decides whether there are updates at all: app-update.yml also holds who must have signed them, and where it is
 * missing, electron-updater on Windows would take any program for an update. A setting can only name another address, and
 * one that cannot be read is no feed.
 */
export function findFeed({ platform, isPackaged, resources, dataFolder }: UpdatePlace, log: Log): Feed {
  if (!isPackaged) return null
  const file = join(dataFolder, 'updates.json')
  const named = existsSync(file)
  const made = join(resources, 'app-update.yml')
  if (!existsSync(made)) {
    if (named) log('warn', `${file} is not used: this package was made without updates`)
    return null
  }
  // Written by electron-builder when it signs; without it nothing would be verified.
  if (platform === 'win32' && !/^publisherName:/m.test(readFileSync(made, 'utf8'))) {
    log('warn', 'updates are off: this package is not signed, so theirs could not be verified')
    return null
  }
  if (!named) return { from: 'package' }
  try {
    return { from: 'setting', url: setting.parse(JSON.parse(readFileSync(file, 'utf8'))).feed }
  } catch (error) {
    log('warn', `updates are off: ${file} is not {"feed": "https://…"}`, error)
    return null
  }
}

export interface UpdateTalk {
  /** Resolves to true when the person wants that version. */
  mayFetch(version: string): Promise<boolean>
  /** Tells that it will be there after quitting. */
  isReady(version: string): void
}

/**
 * Asks the feed once. Without one, `load` is never called: the module is not even read. Never throws: a feed that cannot be
 * reached is no reason to disturb anybody, and is logged.
 */
export async function lookForUpdate(
  feed: Feed,
  load: () => Promise<Updater>,
  talk: UpdateTalk,
  log: Log,
): Promise<void> {
  if (feed === null) return
  try {
    const updater = await load()
    // The checks of signatures that electron-updater makes are all left as they are.
    Object.assign(updater, {
      autoDownload: false,
      autoInstallOnAppQuit: true,
      allowDowngrade: false,
      allowPrerelease: false,
      disableWebInstaller: true,
      logger: {
        info: (words: unknown) => log('info', `updates: ${String(words)}`),
        warn: (words: unknown) => log('warn', `updates: ${String(words)}`),
        error: (words: unknown) => log('error', `updates: ${String(words)}`),
      },
    } satisfies Partial<Updater>)
    if (feed.from === 'setting') updater.setFeedURL({ provider: 'generic', url: feed.url })
    const found = await updater.checkForUpdates()
    if (!found?.isUpdateAvailable) return
    const { version } = found.updateInfo
    if (!(await talk.mayFetch(version))) return log('info', `Roster ${version} was offered and declined`)
    await updater.downloadUpdate()
    talk.isReady(version)
  } catch (error) {
    log('warn', 'looking for an update failed', error)
  }
}

/** Starts looking after a pause, where there is a feed. The function it returns gives up the pause. */
export function startUpdates(
  place: UpdatePlace,
  load: () => Promise<Updater>,
  talk: UpdateTalk,
  log: Log,
  pause: number = PAUSE,
): () => void {
  const feed = findFeed(place, log)
  if (feed === null) return () => undefined
  const timer = setTimeout(() => void lookForUpdate(feed, load, talk, log), pause)
  return () => clearTimeout(timer)
}
