// The desktop door as a program: one instance, one window, core behind it, and an end in order.
//
// Used of Electron, beside what the other files of this folder name: app.setPath, requestSingleInstanceLock with data,
// second-instance, open-file, open-url, setAsDefaultProtocolClient, before-quit; screen.getAllDisplays; nativeTheme; Menu; dialog.showMessageBox; crashReporter; powerMonitor's resume
// and unlock-screen.
import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, Menu } from 'electron'
import { z } from 'zod'
import { openAssets } from '../core/assets.ts'
import { createCore } from '../core/core.ts'
import { defaultDataFolder } from '../core/data-folder.ts'
import type { Context } from '../core/implement.ts'
import type { Log } from '../core/log.ts'
import { router } from '../core/router.ts'
import { createServing } from '../core/serving.ts'
import { CONNECT } from './answer-page.ts'
import { builtFiles } from './built-files.ts'
import { keepCrashReports, reviveAfterCrashes } from './crashes.ts'
import { readGiven } from './given.ts'
import { handOverPort } from './hand-over-port.ts'
import { createDesktopHost } from './host.ts'
import { menuTemplate } from './menu.ts'
import { showInFolder } from './open-outside.ts'
import { registerScheme, serveScheme } from './protocol.ts'
import { LINK_SCHEME, readRosterLink } from './roster-link.ts'
import { quitInOrder } from './quit.ts'
import { watchPower } from './power.ts'
import { loadUpdater, updateTalk } from './update-talk.ts'
import { startUpdates } from './updates.ts'
import { windowMemory } from './window-memory.ts'
import { loadPage, openWindow, showWindow } from './window.ts'
import { zoom } from './zoom.ts'

/** Milliseconds for core to end its work in order. */
const PATIENCE = 2_500

/** Files that came before core was there to open them. */
const early: string[] = []
let openFile: (path: string) => void = (path) => void early.push(path)
/** The same for `roster:` links. */
const earlyLinks: string[] = []
let fillFrom: (link: string) => void = (link) => void earlyLinks.push(link)

async function main(dataFolder: string): Promise<void> {
  await app.whenReady()
  const host = createDesktopHost(dataFolder)
  const log: Log = (level, message, detail) => host.log(level, message, detail)
  const core = await createCore(host)
  const quit = quitInOrder(core, async () => {
    await Promise.race([core.close(), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    host.endChildren()
  })
  watchPower(() => core.distrustConnections())
  process.on('SIGINT', () => quit.atOnce())
  process.on('SIGTERM', () => quit.atOnce())

  serveScheme(openAssets({ folder: builtFiles(import.meta.url).page, door: 'port', connect: CONNECT }))
  const window = openWindow(windowMemory(host.dataFolder, log))
  const serving = createServing<Context>(router, log)
  handOverPort(window.webContents, (line) => serving.serve(line, { core }), log)
  reviveAfterCrashes(window, log)
  window.on('close', (event) => {
    if (quit.isOver()) return
    // Closing the one window is quitting, and is asked about in the same way.
    event.preventDefault()
    app.quit()
  })
  // The page objects while it holds edits that were not written yet; Roster has asked by then, in its own words.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault())

  openFile = (path) => {
    // What the system hands over was chosen by the person, as in a dialog.
    core.files.remember(path)
    core.pages.tell({ kind: 'open-file', path })
  }
  early.splice(0).forEach(openFile)
  fillFrom = (text) => {
    const link = readRosterLink(text, process.platform)
    // The link itself is not logged: who wrote it may have put a password into it.
    if ('refused' in link) return core.pages.tell({ kind: 'link-refused', message: link.refused })
    // Shown to the person, who alone can open it from there.
    core.files.remember(link.path)
    core.pages.tell({ kind: 'fill-open-file', path: link.path })
  }
  earlyLinks.splice(0).forEach(fillFrom)
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(
        { platform: process.platform, isDevelopment: !app.isPackaged },
        {
          page: (command) => core.pages.tell({ kind: 'command', command }),
          zoom: (change) => zoom(window.webContents, change),
          showLog: () => showInFolder(host.logFile),
        },
      ),
    ),
  )
  loadPage(window)
  const { platform, resourcesPath: resources } = process
  const place = { platform, isPackaged: app.isPackaged, resources, dataFolder: host.dataFolder }
  startUpdates(place, loadUpdater, updateTalk(window), log)
}

/** Where Electron keeps what is its own, and by which it knows that Roster runs already: once for each data folder. */
function prepareFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const real = realpathSync(folder)
  app.setPath('userData', join(real, 'electron'))
  return real
}

const secondStart = z.object({ files: z.array(z.string()), link: z.string().nullable() })

const given = readGiven(process.argv, process.cwd(), app.isPackaged)
const dataFolder = prepareFolder(given.dataFolder ?? defaultDataFolder())
early.push(...given.files)
if (given.link !== null) earlyLinks.push(given.link)

if (app.requestSingleInstanceLock({ files: given.files, link: given.link })) {
  registerScheme()
  keepCrashReports(dataFolder)
  app.on('second-instance', (_event, _argv, _folder, data) => {
    showWindow()
    const { success, data: second } = secondStart.safeParse(data)
    if (!success) return
    second.files.forEach((path) => openFile(path))
    if (second.link !== null) fillFrom(second.link)
  })
  // macOS hands files over in this way, also before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    showWindow()
    openFile(path)
  })
  // And links in this one.
  app.on('open-url', (event, url) => {
    event.preventDefault()
    showWindow()
    fillFrom(url)
  })
  // Packages for Linux and macOS name the scheme in their own papers. Nothing behind `--` can be an option.
  if (app.isPackaged && process.platform === 'win32')
    app.setAsDefaultProtocolClient(LINK_SCHEME, process.execPath, ['--'])
  app.on('window-all-closed', () => app.quit())
  main(dataFolder).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    dialog.showErrorBox('Roster could not start', error instanceof Error ? error.message : String(error))
    app.exit(1)
  })
} else {
  app.quit()
}
