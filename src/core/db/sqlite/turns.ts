// A fair lock inside Roster: on rollback-journal files readers and the writer take turns instead of running into BUSY.

export type Release = () => void

interface Waiting {
  kind: 'shared' | 'exclusive'
  start: () => void
}

export interface Turns {
  /** Many may hold it at once, none while somebody holds it alone. Throws the signal's reason when aborted first. */
  shared(signal: AbortSignal): Promise<Release>
  exclusive(signal: AbortSignal): Promise<Release>
}

/** First come, first served: a reader that comes after a waiting writer waits behind it, so neither starves. */
export function takeTurns(): Turns {
  const queue: Waiting[] = []
  let sharing = 0
  let isTaken = false

  function pump() {
    for (let next = queue[0]; next; next = queue[0]) {
      if (isTaken || (next.kind === 'exclusive' && sharing > 0)) return
      queue.shift()
      if (next.kind === 'exclusive') isTaken = true
      else sharing++
      next.start()
    }
  }

  function take(kind: Waiting['kind'], signal: AbortSignal): Promise<Release> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const giveUp = () => {
        const place = queue.indexOf(waiting)
        if (place >= 0) queue.splice(place, 1)
        reject(signal.reason as Error)
        pump()
      }
      const waiting: Waiting = {
        kind,
        start() {
          signal.removeEventListener('abort', giveUp)
          resolve(releaseOnce(kind))
        },
      }
      signal.addEventListener('abort', giveUp, { once: true })
      queue.push(waiting)
      pump()
    })
  }

  function releaseOnce(kind: Waiting['kind']): Release {
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      if (kind === 'exclusive') isTaken = false
      else sharing--
      pump()
    }
  }

  return { shared: (signal) => take('shared', signal), exclusive: (signal) => take('exclusive', signal) }
}
