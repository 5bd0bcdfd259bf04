// One warm child that has opened nothing yet, so that the place of a killed one is taken in a few milliseconds.
import type { Child } from './process.ts'

export interface Spares {
  /** The spare, or a new process. */
  take(): Child
  /** Starts a spare if there is none. */
  warm(): void
  /** Ends every process that was ever taken or kept, except one; resolves when they are gone. */
  end(reason: Error, except?: Child | null): Promise<void>
}

export function keepSpares(start: () => Child): Spares {
  const all = new Set<Child>()
  let spare: Child | null = null

  function startOne(): Child {
    const child = start()
    all.add(child)
    void child.over.then(() => {
      all.delete(child)
      if (spare === child) spare = null
    })
    return child
  }

  return {
    take() {
      const child = spare && !spare.isOver ? spare : startOne()
      spare = null
      return child
    },
    warm() {
      if (!spare || spare.isOver) spare = startOne()
    },
    async end(reason, except) {
      spare = null
      const children = [...all].filter((child) => child !== except)
      for (const child of children) child.kill(reason)
      await Promise.all(children.map((child) => child.over))
    },
  }
}
