// Hands the window's page its one port, after looking at who asks.
import { ipcMain, MessageChannelMain, type WebContents } from 'electron'
import type { Line, ServedLine } from '../core/serving.ts'
import type { Log } from '../core/log.ts'
import { mayHavePort } from './rules.ts'
import { servePort } from './serve-port.ts'

const CHANNEL = 'roster-port'

/** A page that is loaded again gets a new port, and what the page before it had running is aborted. */
export function handOverPort(contents: WebContents, serve: (line: Line) => ServedLine, log: Log): void {
  let endLast: (() => void) | null = null
  const end = () => {
    endLast?.()
    endLast = null
  }
  // A new document is there. did-start-navigation would come too early: it also comes for a navigation that is refused then.
  contents.on('did-navigate', end)
  contents.on('render-process-gone', end)
  contents.once('destroyed', end)
  ipcMain.on(CHANNEL, (event) => {
    const frame = event.senderFrame
    if (event.sender !== contents || frame === null || !mayHavePort(frame, contents.mainFrame)) {
      return log('warn', `a port was refused to ${frame?.url ?? 'a frame that is gone'}`)
    }
    end()
    const { port1, port2 } = new MessageChannelMain()
    endLast = servePort(port1, serve)
    frame.postMessage(CHANNEL, null, [port2])
  })
}
