// WebFrameMain: one place for documents in a window.
import type Electron from 'electron'
import { originOf } from './addresses.ts'
import { Strict } from './not-modelled.ts'

type Used = 'url' | 'origin' | 'frameTreeNodeId' | 'processId' | 'routingId' | 'parent' | 'top' | 'detached' | 'name'

/** electron.d.ts, class WebFrameMain. */
export class StandinFrame
  extends Strict
  implements Pick<Electron.WebFrameMain, Used | 'isDestroyed' | 'send' | 'postMessage'>
{
  /** Chromium's id of this frame. */
  readonly id: string
  readonly frameTreeNodeId: number
  readonly processId = 1
  readonly routingId: number
  readonly name = ''
  url = ''
  detached = false
  readonly parentFrame: StandinFrame | null
  readonly #deliver: (channel: string, args: unknown[], transfer: readonly object[]) => void

  constructor(
    place: { id: string; number: number; parent: StandinFrame | null },
    deliver: (channel: string, args: unknown[], transfer: readonly object[]) => void,
  ) {
    super('WebFrameMain')
    this.id = place.id
    this.frameTreeNodeId = place.number
    this.routingId = place.number
    this.parentFrame = place.parent
    this.#deliver = deliver
  }

  get origin(): string {
    return originOf(this.url)
  }
  get parent(): Electron.WebFrameMain | null {
    return asElectron(this.parentFrame)
  }
  get top(): Electron.WebFrameMain | null {
    let top = this as StandinFrame
    while (top.parentFrame) top = top.parentFrame
    return asElectron(top)
  }
  isDestroyed(): boolean {
    return this.detached
  }
  send(channel: string, ...args: unknown[]): void {
    this.#deliver(channel, args, [])
  }
  postMessage(channel: string, message: unknown, transfer: readonly object[] = []): void {
    this.#deliver(channel, [message], transfer)
  }
}

/** The one place where the stand-in's frame is passed off as Electron's. */
export function asElectron(frame: StandinFrame): Electron.WebFrameMain
export function asElectron(frame: StandinFrame | null): Electron.WebFrameMain | null
export function asElectron(frame: StandinFrame | null): Electron.WebFrameMain | null {
  return frame as unknown as Electron.WebFrameMain | null
}
