// One warm child that has opened nothing yet, so that the place of a killed one is taken in a few milliseconds.
import type { Host } from '../../host.ts'
import { startChild, type Child } from './process.ts'

export interface Spares {
  /** The spare, or a new process. */
  take(): Child
  /** Starts a spare if there is none. */
  warm(): void
  /** Ends every process that was ever taken or kept; resolves when none is left. */
  end(reason: Error): Promise<void>
}

export function keepSpares(host: Host, file: string): Spares {
  const all = new Set<Child>()
  let spare: Child | null = null

  function start(): Child {
    const child = startChild(host, file)
    all.add(child)
    void child.over.then(() => {
      all.delete(child)
      if (spare === child) spare = null
    })
    return child
  }

  return {
    take() {
      const child = spare ?? start()
      spare = null
      return child
    },
    warm() {
      spare ??= start()
    },
    async end(reason) {
      spare = null
      const children = [...all]
      for (const child of children) child.kill(reason)
      await Promise.all(children.map((child) => child.over))
    },
  }
}
