// The window's door in the real Electron, where its binary is found.
import { _electron, type ElectronApplication } from '@playwright/test'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { electronProgram } from '../scripts/electron.ts'
import type { Desktop, StartOptions, WindowFacts } from './desktop.ts'

const project = join(import.meta.dirname, '..')

/** What the dialogs of the app were asked, and what the test has answered ahead. It lives in Electron's own process. */
interface Prepared {
  open: unknown[]
  message: unknown[]
  asked: { message: string; buttons: string[] }[]
  outside: string[]
}
const prepared = 'rosterTest'

function launchOptions({ dataFolder, args = [], folder = project }: StartOptions) {
  const program = electronProgram()
  if (program === null) throw new Error('Electron is not here.')
  return {
    executablePath: program,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), project, '--data-dir', dataFolder, ...args],
    cwd: folder,
  }
}

export async function startElectron(options: StartOptions): Promise<Desktop> {
  const app = await _electron.launch(launchOptions(options))
  await prepareDialogs(app)
  const child = app.process()
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  const prepare = (kind: 'open' | 'message', answer: unknown) =>
    app.evaluate(
      (_electronModule, [name, of, value]) => {
        const kept = (globalThis as unknown as Record<string, Prepared>)[name]
        kept?.[of].push(value)
      },
      [prepared, kind, answer] as const,
    )
  const kept = () =>
    app.evaluate((_electronModule, name) => (globalThis as unknown as Record<string, Prepared>)[name], prepared)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await ended
  }
  return {
    kind: 'desktop',
    page: () => app.firstWindow(),
    window: () =>
      app.evaluate(({ BrowserWindow }): WindowFacts => {
        const [window] = BrowserWindow.getAllWindows()
        if (!window) throw new Error('There is no window.')
        return {
          url: window.webContents.getURL(),
          bounds: window.getBounds(),
          isVisible: window.isVisible(),
          isFocused: window.isFocused(),
          isMaximized: window.isMaximized(),
          isMinimized: window.isMinimized(),
          zoomLevel: window.webContents.getZoomLevel(),
        }
      }),
    setBounds: (bounds) =>
      app.evaluate(({ BrowserWindow }, next) => BrowserWindow.getAllWindows()[0]?.setBounds(next), bounds),
    act: (act) =>
      app.evaluate(({ BrowserWindow }, name) => {
        const [window] = BrowserWindow.getAllWindows()
        if (name === 'crash') window?.webContents.forcefullyCrashRenderer()
        else if (name === 'close') window?.close()
        else if (name === 'minimize') window?.minimize()
        else if (name === 'maximize') window?.maximize()
        else window?.unmaximize()
      }, act),
    prepareOpen: (path) => prepare('open', { canceled: path === null, filePaths: path === null ? [] : [path] }),
    prepareMessage: (button) => prepare('message', { response: button, checkboxChecked: false }),
    messages: async () => (await kept())?.asked ?? [],
    menuIds: () =>
      app.evaluate(({ Menu }) => {
        const ids = (menu: Electron.Menu | null | undefined): string[] =>
          (menu?.items ?? []).flatMap((item) => [...(item.id ? [item.id] : []), ...ids(item.submenu)])
        return ids(Menu.getApplicationMenu())
      }),
    clickMenu: (id) =>
      app.evaluate(({ Menu }, name) => {
        const item = Menu.getApplicationMenu()?.getMenuItemById(name)
        if (!item) throw new Error(`The menu has no item ${name}.`)
        const click = item.click as () => void
        click()
      }, id),
    openedOutside: async () => (await kept())?.outside ?? [],
    startAgain: (again) =>
      new Promise((resolve) => {
        const { executablePath, args, cwd } = launchOptions(again)
        spawn(executablePath, args, { cwd, stdio: 'ignore' }).once('exit', (code) => resolve(code ?? -1))
      }),
    quit: () => app.evaluate(({ app: program }) => program.quit()).catch(() => undefined),
    ended,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** A native dialog has no page that a test could reach; its function is replaced in Electron's process. */
async function prepareDialogs(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ dialog, shell }, name) => {
    const state: Prepared = { open: [], message: [], asked: [], outside: [] }
    ;(globalThis as unknown as Record<string, Prepared>)[name] = state
    const answer = async (of: 'open' | 'message'): Promise<never> => {
      while (state[of].length === 0) await new Promise((resolve) => setTimeout(resolve, 30))
      return state[of].shift() as never
    }
    const show = (...args: unknown[]) => {
      const { message = '', buttons = [] } = (args.length > 1 ? args[1] : args[0]) as Electron.MessageBoxOptions
      state.asked.push({ message, buttons })
      return answer('message')
    }
    dialog.showOpenDialog = () => answer('open')
    dialog.showMessageBox = show
    shell.openExternal = (url: string) => {
      state.outside.push(url)
      return Promise.resolve()
    }
  }, prepared)
}
