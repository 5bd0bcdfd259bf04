// Asks the main process for the page's one port and passes it on. Nothing is exposed to the page.
import { ipcRenderer } from 'electron'

const CHANNEL = 'roster-port'

ipcRenderer.on(CHANNEL, ({ ports }) => {
  // To this very page: a frame of another origin would not get it.
  window.postMessage(CHANNEL, location.origin, ports)
})

// The page's scripts have run by then, so its listener is there.
window.addEventListener('load', () => ipcRenderer.postMessage(CHANNEL, null))
