// Loaded before the entry of a utility process: what Electron's have (process.parentPort), and not what Node's forks have.
import { EventEmitter } from 'node:events'

/** electronjs.org/docs/api/parent-port: messages both ways, as events with their data. */
class ParentPort extends EventEmitter {
  readonly #send = process.send?.bind(process)

  postMessage(message: unknown): void {
    this.#send?.(structuredClone(message), () => undefined)
  }
}

const port = new ParentPort()
process.on('message', (data) => port.emit('message', { data, ports: [] }))
// Electron ends its utility processes when it ends itself.
process.on('disconnect', () => process.exit(0))
delete process.send
Object.defineProperty(process, 'type', { value: 'utility' })
Object.defineProperty(process, 'parentPort', { value: port })
