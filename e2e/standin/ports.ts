// MessageChannelMain and MessagePortMain, between two places of main or between main and a page.
import type Electron from 'electron'
import { Modelled } from './not-modelled.ts'

type PortEvents = { message: [event: { data: unknown; ports: StandinPort[] }]; close: [] }

/** Where a message to the other side goes. `data` has been cloned. */
export interface OtherSide {
  take(data: unknown, ports: StandinPort[]): void
  close(): void
}

/** electron.d.ts, class MessagePortMain. */
export class StandinPort
  extends Modelled<PortEvents>
  implements Pick<Electron.MessagePortMain, 'postMessage' | 'start' | 'close'>
{
  #other: OtherSide | null = null
  #waiting: { data: unknown; ports: StandinPort[] }[] = []
  #isStarted = false
  #isClosed = false
  #isMoved = false

  constructor() {
    super('MessagePortMain', ['message', 'close'])
  }

  entangle(other: OtherSide): void {
    this.#other = other
  }

  postMessage(message: unknown, transfer: readonly object[] = []): void {
    this.#mustBeHere()
    const ports = transfer.map(portOf)
    if (ports.includes(this)) throw new Error('A port cannot be sent through itself.')
    const data = structuredClone(message)
    if (this.#isClosed) return
    this.#other?.take(data, ports)
  }

  /** "Messages will be queued until this method is called" (electron.d.ts). */
  start(): void {
    this.#mustBeHere()
    if (this.#isStarted) return
    this.#isStarted = true
    const waiting = this.#waiting
    this.#waiting = []
    for (const event of waiting) this.#emitLater(event)
  }

  close(): void {
    this.#mustBeHere()
    if (this.#isClosed) return
    this.#isClosed = true
    this.#other?.close()
  }

  /** A message of the other side has come in. */
  receive(data: unknown, ports: StandinPort[]): void {
    if (this.#isClosed) return
    if (this.#isStarted) this.#emitLater({ data, ports })
    else this.#waiting.push({ data, ports })
  }

  /** The other side is gone. */
  lost(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    setImmediate(() => this.emit('close'))
  }

  /** Takes this port out of here; what is not delivered yet goes along. */
  move(to: OtherSide): OtherSide | null {
    this.#mustBeHere()
    this.#isMoved = true
    for (const { data, ports } of this.#waiting) to.take(data, ports)
    this.#waiting = []
    if (this.#isClosed) to.close()
    this.receive = (data, ports) => to.take(data, ports)
    this.lost = () => to.close()
    return this.#other
  }

  #emitLater(event: { data: unknown; ports: StandinPort[] }): void {
    setImmediate(() => {
      if (!this.#isClosed) this.emit('message', event)
    })
  }

  #mustBeHere(): void {
    if (this.#isMoved) throw new Error('The port has been sent away.')
  }
}

export function portOf(value: object): StandinPort {
  if (value instanceof StandinPort) return value
  throw new TypeError('Only ports can be transferred.')
}

/** electron.d.ts, class MessageChannelMain. */
export class StandinChannel {
  readonly port1 = new StandinPort()
  readonly port2 = new StandinPort()

  constructor() {
    const join = (to: StandinPort): OtherSide => ({
      take: (data, ports) => to.receive(data, ports),
      close: () => to.lost(),
    })
    this.port1.entangle(join(this.port2))
    this.port2.entangle(join(this.port1))
  }
}
