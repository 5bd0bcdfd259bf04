// ipcMain: what pages send through their preload.
import { EventEmitter } from 'node:events'
import type Electron from 'electron'
import { modelled } from './not-modelled.ts'

type Handler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown

/** electron.d.ts, interface IpcMain. Channels are any names, so every event may be listened to. */
class StandinIpcMain extends EventEmitter implements Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'> {
  readonly handlers = new Map<string, { handler: Handler; once: boolean }>()

  handle(channel: string, handler: Handler): void {
    this.#add(channel, handler, false)
  }
  handleOnce(channel: string, handler: Handler): void {
    this.#add(channel, handler, true)
  }
  removeHandler(channel: string): void {
    this.handlers.delete(channel)
  }

  #add(channel: string, handler: Handler, once: boolean): void {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.handlers.set(channel, { handler, once })
  }
}

export const ipcMain = modelled('ipcMain', new StandinIpcMain())

/** The answer of `ipcRenderer.invoke`. */
export async function invoked(channel: string, event: object, args: unknown[]): Promise<unknown> {
  const found = ipcMain.handlers.get(channel)
  if (!found) throw new Error(`No handler registered for '${channel}'`)
  if (found.once) ipcMain.handlers.delete(channel)
  return await found.handler(event as Electron.IpcMainInvokeEvent, ...args)
}
