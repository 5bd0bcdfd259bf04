// The port side of the desktop door: frames of the page come in through a MessagePort, and answers go back.
import type { Line, ServedLine } from '../core/serving.ts'

/** What is used of Electron's MessagePortMain. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  postMessage(message: string): void
  start(): void
  close(): void
}

/** Serves until the port closes; the function it returns ends it earlier, and aborts what is still running. */
export function servePort(port: Port, serve: (line: Line) => ServedLine): () => void {
  const served = serve({
    send: (frame) => port.postMessage(frame),
    // A port carries no reason; it is in the log.
    end: () => port.close(),
  })
  port.on('message', ({ data }) => served.receive(data))
  port.on('close', () => served.drop())
  port.start()
  return () => {
    served.drop()
    port.close()
  }
}
