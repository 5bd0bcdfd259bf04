// The app's emitter, apart from the app itself, because windows and pages emit through it too.
import type { AppEvents } from './events.ts'
import { Modelled } from './not-modelled.ts'

const EVENTS = [
  ...['will-finish-launching', 'ready', 'window-all-closed', 'before-quit', 'will-quit', 'quit', 'activate'],
  ...['second-instance', 'open-file', 'open-url', 'child-process-gone', 'render-process-gone'],
  ...['web-contents-created', 'browser-window-created'],
] as (keyof AppEvents)[]

export class AppEmitter extends Modelled<AppEvents> {
  constructor() {
    super('app', EVENTS)
  }
}

let emitter: AppEmitter | null = null

export const appEvents = {
  be(app: AppEmitter): void {
    emitter = app
  },
  emit<K extends keyof AppEvents>(event: K, ...args: AppEvents[K]): void {
    emitter?.emit(event, ...(args as never))
  },
}
