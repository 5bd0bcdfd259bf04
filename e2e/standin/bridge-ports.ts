// The ports of one page that main holds the other end of.
import { codec } from './clone.ts'
import type { BridgeMessage } from './page-bridge.ts'
import { portOf, StandinPort, type OtherSide } from './ports.ts'

type Send = (contextId: number, message: BridgeMessage) => void

export class BridgePorts {
  /** By context and id: what to do with a message of the page. */
  readonly #held = new Map<string, { contextId: number; message: OtherSide }>()
  readonly #send: Send
  #given = 0

  constructor(send: Send) {
    this.#send = send
  }

  /** Ports of main go to the page of that context; returns their ids. */
  give(contextId: number, transfer: readonly object[]): string[] {
    return transfer.map((value) => {
      const id = `main-${++this.#given}`
      const waiting: (() => void)[] = []
      let isSent = false
      const toPage = this.#toPage(contextId, id)
      // What the port had received before follows the port itself.
      const inOrder = (act: () => void) => (isSent ? act() : void waiting.push(act))
      const target: OtherSide = {
        take: (data, ports) => inOrder(() => toPage.take(data, ports)),
        close: () => inOrder(() => toPage.close()),
      }
      const other = portOf(value).move(target)
      if (other) this.#held.set(`${contextId} ${id}`, { contextId, message: other })
      queueMicrotask(() => {
        isSent = true
        waiting.forEach((act) => act())
      })
      return id
    })
  }

  /** Ports of the page come to main. */
  adopt(contextId: number, ids: readonly string[]): StandinPort[] {
    return ids.map((id) => {
      const port = new StandinPort()
      port.entangle(this.#toPage(contextId, id))
      const message: OtherSide = { take: (data, ports) => port.receive(data, ports), close: () => port.lost() }
      this.#held.set(`${contextId} ${id}`, { contextId, message })
      return port
    })
  }

  message(contextId: number, id: string, data: string, ids: readonly string[]): void {
    this.#held.get(`${contextId} ${id}`)?.message.take(codec.decode(data), this.adopt(contextId, ids))
  }

  closed(contextId: number, id: string): void {
    const held = this.#held.get(`${contextId} ${id}`)
    this.#held.delete(`${contextId} ${id}`)
    held?.message.close()
  }

  /** The document is gone, and its ports with it. */
  gone(contextId: number): void {
    for (const [key, held] of this.#held) {
      if (held.contextId !== contextId) continue
      this.#held.delete(key)
      held.message.close()
    }
  }

  #toPage(contextId: number, id: string): OtherSide {
    return {
      take: (data, ports) =>
        this.#send(contextId, { kind: 'port', id, data: codec.encode(data), ports: this.give(contextId, ports) }),
      close: () => {
        this.#held.delete(`${contextId} ${id}`)
        this.#send(contextId, { kind: 'close', id })
      },
    }
  }
}
