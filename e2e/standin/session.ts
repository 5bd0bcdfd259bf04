// session.defaultSession: the one session of every window.
import type Electron from 'electron'
import { Modelled } from './not-modelled.ts'
import { handlers } from './permissions.ts'
import { protocol } from './protocol.ts'
import { record } from './record.ts'

type Used =
  | ('setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler')
  | ('setDisplayMediaRequestHandler' | 'setSpellCheckerEnabled' | 'setProxy' | 'protocol')

/** electron.d.ts, class Session. Devices and screen capture are handed to no page here; their handlers are only kept. */
class StandinSession
  extends Modelled<{ 'will-download': unknown[] }>
  implements Pick<Electron.Session, Exclude<Used, 'protocol'>>
{
  deviceHandler: unknown = null
  displayHandler: unknown = null
  readonly protocol = protocol

  constructor() {
    super('Session', ['will-download'])
  }
  setPermissionRequestHandler(handler: Parameters<Electron.Session['setPermissionRequestHandler']>[0]): void {
    handlers.request = handler
  }
  setPermissionCheckHandler(handler: Parameters<Electron.Session['setPermissionCheckHandler']>[0]): void {
    handlers.check = handler
  }
  setDevicePermissionHandler(handler: Parameters<Electron.Session['setDevicePermissionHandler']>[0]): void {
    this.deviceHandler = handler
  }
  setDisplayMediaRequestHandler(handler: Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0]): void {
    this.displayHandler = handler
  }
  /** Only recorded: Chromium's proxy is set when it starts, and its requests are held before they leave. */
  setProxy(config: Electron.ProxyConfig): Promise<void> {
    record('proxy', config)
    return Promise.resolve()
  }
  setSpellCheckerEnabled(): void {
    // Chromium without a window checks no spelling.
  }
}

export const standinSession = new StandinSession()
/** The one place where the stand-in's session is passed off as Electron's. */
export const defaultSession = standinSession as unknown as Electron.Session
