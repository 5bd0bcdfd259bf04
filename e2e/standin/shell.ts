// shell: what would leave Roster is only recorded.
import type Electron from 'electron'
import { modelled, NotModelled } from './not-modelled.ts'
import { record } from './record.ts'

/** electron.d.ts, interface Shell. */
export const shell = modelled('shell', {
  openExternal(url, options) {
    if (options) throw new NotModelled('openExternal with options')
    record('open-external', { url })
    return Promise.resolve()
  },
  showItemInFolder: (path) => record('show-item', { path }),
  openPath(path) {
    record('open-path', { path })
    return Promise.resolve('')
  },
  beep: () => record('beep', {}),
} satisfies Pick<Electron.Shell, 'openExternal' | 'showItemInFolder' | 'openPath' | 'beep'>)
