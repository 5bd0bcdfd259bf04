// The parts of updating that need Electron: the module that fetches, and the questions to the person.
import { dialog, type BrowserWindow } from 'electron'
import type * as ElectronUpdater from 'electron-updater'
import type { Updater, UpdateTalk } from './updates.ts'

/**
 * The module makes its updater when the property is first read. Node finds that property on the default export alone, which
 * the module's types do not know (packaging/packing.test.ts looks that it is there).
 */
export async function loadUpdater(): Promise<Updater> {
  const module = (await import('electron-updater')) as unknown as { default: typeof ElectronUpdater }
  return module.default.autoUpdater
}

export function updateTalk(window: BrowserWindow): UpdateTalk {
  const say = (message: string, detail: string, buttons: string[]) => {
    const options = {
      type: 'info' as const,
      message,
      detail,
      buttons,
      defaultId: buttons.length - 1,
      cancelId: buttons.length - 1,
    }
    return window.isDestroyed() ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options)
  }
  return {
    async mayFetch(version) {
      const detail = 'It is fetched in the background and installed when Roster quits.'
      const { response } = await say(`Roster ${version} is there.`, detail, ['Download', 'Not now'])
      return response === 0
    },
    isReady(version) {
      void say(`Roster ${version} was fetched.`, 'It is installed when Roster quits.', ['Close'])
    },
  }
}
