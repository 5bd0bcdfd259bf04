// The page's side of the bridge: runs in the isolated world of the preload, before any script of the page. Its source is
// put into the page, so it uses nothing from outside itself.
import type { Codec } from './clone.ts'

/** What main and the isolated world say to each other. Ports are named by an id that either side gives out. */
export type BridgeMessage =
  | { kind: 'ipc'; channel: string; data: string; ports: string[] }
  | { kind: 'invoke'; id: number; channel: string; data: string }
  | { kind: 'answer'; id: number; data: string; error: string | null }
  | { kind: 'port'; id: string; data: string; ports: string[] }
  | { kind: 'close'; id: string }
  | { kind: 'preload-error'; message: string; stack: string }

type Listener = (event: unknown, ...args: unknown[]) => void
type Preload = (require: (name: string) => unknown, module: { exports: unknown }, exports: unknown) => void

/** What is used of the page's MessagePort; the DOM's types belong to the other half of the project. */
interface PagePort {
  addEventListener(event: 'message', listener: (event: { data: unknown; ports: PagePort[] }) => void): void
  addEventListener(event: 'close', listener: () => void): void
  postMessage(message: unknown, transfer: PagePort[]): void
  start(): void
  close(): void
}

interface World {
  window: unknown
  top: unknown
  standinSend?: (text: string) => void
  standinReceive?: (text: string) => void
}

export function installBridge(codec: Codec, preload: Preload): void {
  const world = globalThis as unknown as World
  const sendText = world.standinSend
  // Frames inside the page get no preload, as nodeIntegrationInSubFrames is off.
  if (!sendText || world.window !== world.top) return
  delete world.standinSend
  const send = (message: BridgeMessage) => sendText(JSON.stringify(message))

  const held = new Map<string, PagePort>()
  let given = 0
  const hold = (id: string, port: PagePort) => {
    held.set(id, port)
    port.addEventListener('message', ({ data, ports }) => {
      send({ kind: 'port', id, data: codec.encode(data), ports: ports.map(adopt) })
    })
    port.addEventListener('close', () => {
      if (held.delete(id)) send({ kind: 'close', id })
    })
    port.start()
  }
  /** A port of the page goes to main: this world keeps it, and main gets its id. */
  const adopt = (port: PagePort): string => {
    const id = `page-${++given}`
    hold(id, port)
    return id
  }
  /** A port of main comes into the page. */
  const make = (id: string): PagePort => {
    const { port1, port2 } = new MessageChannel() as unknown as Record<'port1' | 'port2', PagePort>
    hold(id, port1)
    return port2
  }

  const listeners = new Map<string, { listener: Listener; once: boolean }[]>()
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let asked = 0
  const listen = (channel: string, listener: Listener, once: boolean) => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, once }])
    return ipcRenderer
  }
  const strict = <T extends object>(name: string, object: T): T =>
    new Proxy(object, {
      get(target, key): unknown {
        if (typeof key === 'symbol' || key in target) return Reflect.get(target, key)
        throw new Error(`NotModelled: ${name}.${key}`)
      },
    })
  const ipcRenderer = strict('ipcRenderer', {
    on: (channel: string, listener: Listener) => listen(channel, listener, false),
    once: (channel: string, listener: Listener) => listen(channel, listener, true),
    send: (channel: string, ...args: unknown[]) => send({ kind: 'ipc', channel, data: codec.encode(args), ports: [] }),
    postMessage: (channel: string, message: unknown, transfer: PagePort[] = []) =>
      send({ kind: 'ipc', channel, data: codec.encode([message]), ports: transfer.map(adopt) }),
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++asked
        const data = codec.encode(args)
        waiting.set(id, { resolve, reject })
        send({ kind: 'invoke', id, channel, data })
      }),
  })

  world.standinReceive = (text) => {
    const message = JSON.parse(text) as BridgeMessage
    if (message.kind === 'port') {
      held.get(message.id)?.postMessage(codec.decode(message.data), message.ports.map(make))
    } else if (message.kind === 'close') {
      held.get(message.id)?.close()
      held.delete(message.id)
    } else if (message.kind === 'answer') {
      const call = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error === null) call?.resolve(codec.decode(message.data))
      else call?.reject(new Error(message.error))
    } else if (message.kind === 'ipc') {
      const event = strict('IpcRendererEvent', { sender: ipcRenderer, ports: message.ports.map(make) })
      const args = codec.decode(message.data) as unknown[]
      const all = listeners.get(message.channel) ?? []
      listeners.set(
        message.channel,
        all.filter(({ once }) => !once),
      )
      for (const { listener } of all) listener(event, ...args)
    }
  }

  const electron = strict('electron (in a sandboxed preload)', { ipcRenderer })
  const require = (name: string) => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    // Electron's sandbox also has events, timers and url; the stand-in has not, so that their use is noticed.
    throw new Error(`module not found: ${name}`)
  }
  try {
    const module = { exports: {} }
    preload(require, module, module.exports)
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    send({ kind: 'preload-error', message, stack })
  }
}
