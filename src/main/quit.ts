// The way out: asked once when something is at stake, then everything is closed in order, then the program ends.
import { app, dialog } from 'electron'
import type { Core } from '../core/core.ts'
import { quitQuestion } from './quit-question.ts'
import { mainWindow } from './window.ts'

/** Milliseconds that pages have for writing what is staged; then what the host holds decides. */
const PAGE_LIMIT = 2_000
/** The same when Roster is told to end: whoever did it may not wait long. */
const SHORT_PAGE_LIMIT = 500
/** Milliseconds for the disk, or for a keychain that asks the person first. */
const STORE_LIMIT = 2_000

export interface Quit {
  /** True once everything is closed: windows may close now. */
  isOver(): boolean
  /** Ends without a question, as when the system or a terminal tells Roster to. */
  atOnce(): void
}

/** `close` ends core in order, and never takes for ever. */
export function quitInOrder(core: Core, close: () => Promise<void>): Quit {
  let state: 'open' | 'asking' | 'closing' | 'over' = 'open'
  const told = new AbortController()

  async function end(): Promise<void> {
    state = 'asking'
    const isWanted = await ready(core, told.signal)
    if (!isWanted) {
      state = 'open'
      return
    }
    state = 'closing'
    await close()
    state = 'over'
    app.quit()
  }

  app.on('before-quit', (event) => {
    if (state === 'over') return
    event.preventDefault()
    if (state !== 'open') return
    end().catch((error: unknown) => {
      core.host.log('error', 'Roster could not be closed in order', error)
      app.exit(1)
    })
  })
  return {
    isOver: () => state === 'over',
    atOnce() {
      told.abort()
      app.quit()
    },
  }
}

/** True when Roster may end. `told` ends the question, too. */
async function ready(core: Core, told: AbortSignal): Promise<boolean> {
  await core.pages.askToQuit(told.aborted ? SHORT_PAGE_LIMIT : PAGE_LIMIT)
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), STORE_LIMIT))
  const isStored = await Promise.race([core.staged.settle(), late])
  const question = quitQuestion({ ...core.staged.count(), isStored, running: core.runs.underWay() })
  if (!question || told.aborted) return true
  const options = {
    type: 'question' as const,
    ...question,
    buttons: ['Quit', 'Cancel'],
    defaultId: isStored ? 0 : 1,
    cancelId: 1,
    noLink: true,
    signal: told,
  }
  const window = mainWindow()
  const { response } = window ? await dialog.showMessageBox(window, options) : await dialog.showMessageBox(options)
  return response === 0 || told.aborted
}
