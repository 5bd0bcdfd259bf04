// ipcMain: what pages send through their preload.
import { EventEmitter } from 'node:events'
import type Electron from 'electron'
import { modelled } from './not-modelled.ts'

type Handler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown
interface Handled {
  handler: Handler
  once: boolean
}

/** electron.d.ts, interface IpcMain. Channels are any names, so every event may be listened to. */
class StandinIpcMain extends EventEmitter implements Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'> {
  readonly handlers = new Map<string, Handled>()

  handle(channel: string, handler: Handler): void {
    add(this.handlers, channel, { handler, once: false })
  }
  handleOnce(channel: string, handler: Handler): void {
    add(this.handlers, channel, { handler, once: true })
  }
  removeHandler(channel: string): void {
    this.handlers.delete(channel)
  }
}

function add(handlers: Map<string, Handled>, channel: string, handled: Handled): void {
  if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
  handlers.set(channel, handled)
}

export const ipcMain = modelled('ipcMain', new StandinIpcMain())

/** The answer of `ipcRenderer.invoke`. */
export async function invoked(channel: string, event: object, args: unknown[]): Promise<unknown> {
  const found = ipcMain.handlers.get(channel)
  if (!found) throw new Error(`No handler registered for '${channel}'`)
  if (found.once) ipcMain.handlers.delete(channel)
  return await found.handler(event as Electron.IpcMainInvokeEvent, ...args)
}
