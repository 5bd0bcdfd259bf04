// Reading connections: started on demand, at most three, ended when nobody has asked for half a minute.
import type { Child } from './process.ts'

const MOST = 3
/** Milliseconds. */
export const READER_IDLE = 30_000

export interface Readers {
  /** Waits while all are busy. Throws the signal's reason when aborted first. */
  take(signal: AbortSignal): Promise<Child>
  /** Gives one back; one that has ended makes room for another. */
  giveBack(child: Child): void
  /** Ends those that are idle. */
  drop(): void
}

interface Waiting {
  resolve: (child: Child) => void
  reject: (error: unknown) => void
}

/** `open` starts a process and opens the file in it for reading; after `idleLimit` milliseconds without use it ends. */
export function keepReaders(open: () => Promise<Child>, idleLimit: number): Readers {
  const idle: { child: Child; timer: NodeJS.Timeout }[] = []
  const waiting: Waiting[] = []
  let count = 0

  function takeIdle(): Child | null {
    for (let last = idle.pop(); last; last = idle.pop()) {
      clearTimeout(last.timer)
      if (!last.child.isOver) return last.child
    }
    return null
  }

  function pump(): void {
    while (waiting.length > 0) {
      const child = takeIdle()
      if (child) {
        waiting.shift()?.resolve(child)
        continue
      }
      if (count >= MOST) return
      const next = waiting.shift()
      if (next) start(next)
    }
  }

  function start(next: Waiting): void {
    count++
    open().then(
      (child) => {
        void child.over.then(() => {
          count--
          pump()
        })
        next.resolve(child)
      },
      (error: unknown) => {
        count--
        next.reject(error)
        pump()
      },
    )
  }

  function giveBack(child: Child): void {
    if (child.isOver) return
    const timer = setTimeout(() => {
      idle.splice(
        idle.findIndex((entry) => entry.child === child),
        1,
      )
      child.kill()
    }, idleLimit)
    timer.unref()
    idle.push({ child, timer })
    pump()
  }

  return {
    take(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const giveUp = () => {
          const place = waiting.indexOf(entry)
          if (place >= 0) waiting.splice(place, 1)
          reject(signal.reason as Error)
        }
        const entry: Waiting = {
          resolve(child) {
            signal.removeEventListener('abort', giveUp)
            // Given up while the process was starting: it is as good for the next.
            if (signal.aborted) giveBack(child)
            else resolve(child)
          },
          reject(error) {
            signal.removeEventListener('abort', giveUp)
            reject(error instanceof Error ? error : new Error(String(error)))
          },
        }
        signal.addEventListener('abort', giveUp, { once: true })
        waiting.push(entry)
        pump()
      })
    },
    giveBack,
    drop() {
      for (let child = takeIdle(); child; child = takeIdle()) child.kill()
    },
  }
}
