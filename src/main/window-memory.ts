// Remembers the window's place and zoom in the data folder, from one start to the next.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserWindow } from 'electron'
import writeFileAtomic from 'write-file-atomic'
import type { Log } from '../core/log.ts'
import { windowPlace, type WindowPlace } from './window-place.ts'

export interface WindowMemory {
  /** Null on the first start, and when the file cannot be read: then the window opens as on the first start. */
  recall(): WindowPlace | null
  /** Stores the window's place a moment after each change, and when it closes. */
  follow(window: BrowserWindow): void
}

/** Milliseconds after the last of many changes: a window that is dragged moves sixty times a second. */
const WAIT = 400

export function windowMemory(dataFolder: string, log: Log): WindowMemory {
  const file = join(dataFolder, 'window.json')
  return {
    recall() {
      try {
        return windowPlace.parse(JSON.parse(readFileSync(file, 'utf8')))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
          log('warn', 'the place of the window could not be read', error)
        }
        return null
      }
    },
    follow(window) {
      let timer: NodeJS.Timeout | undefined
      const store = () => {
        clearTimeout(timer)
        try {
          writeFileAtomic.sync(file, `${JSON.stringify(placeOf(window))}\n`, { mode: 0o600 })
        } catch (error) {
          log('warn', 'the place of the window could not be stored', error)
        }
      }
      const soon = () => {
        clearTimeout(timer)
        timer = setTimeout(store, WAIT)
      }
      window.on('resize', soon)
      window.on('move', soon)
      window.on('maximize', soon)
      window.on('unmaximize', soon)
      // A prevented close stores it as well, which does no harm.
      window.on('close', store)
      window.on('closed', () => clearTimeout(timer))
    },
  }
}

function placeOf(window: BrowserWindow): WindowPlace {
  return {
    bounds: window.getNormalBounds(),
    isMaximized: window.isMaximized(),
    zoom: window.webContents.getZoomLevel(),
  }
}
