// Roster's end of the hashing workers: started when they are first needed, ended when nothing was asked for a while.
import type { Host, HostProcess } from '../../host.ts'
import { Refusal } from '../../refusal.ts'
import { countsOf, LANES } from './hashing-lanes.ts'
import type { Answers, Kind, Reply, Requests } from './hashing-protocol.ts'

/** Milliseconds without a request after which the workers end, and what they held in memory with them. */
const IDLE = 60_000

export interface Hashing {
  /**
   * One request after the other; many hashes are shared among several workers. Throws NOT_HASHED in words when it fails or a
   * worker ends, and the signal's reason when aborted: the workers are killed then, in the middle of their work.
   */
  ask<K extends Kind>(kind: K, body: Requests[K], signal: AbortSignal): Promise<Answers[K]>
  /** Of the first process that is running now. */
  readonly pid: number | undefined
  /** Ends the workers; whatever is asked then is refused. */
  close(): void
}

/** `lanes`: workers at most. */
export function openHashing(host: Pick<Host, 'spawn' | 'log'>, idle = IDLE, lanes = LANES): Hashing {
  let workers: Worker[] = []
  let resting: NodeJS.Timeout | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let isClosed = false

  function end(): void {
    if (resting) clearTimeout(resting)
    resting = null
    for (const worker of workers.splice(0)) worker.kill()
  }

  function workerAt(lane: number): Worker {
    const started = (workers[lane] ??= startWorker(host, (gone) => {
      workers = workers.filter((worker) => worker !== gone)
    }))
    return started
  }

  /** Hashes are made by several workers; anything else by the first. */
  async function shared<K extends Kind>(kind: K, body: Requests[K]): Promise<Answers[K]> {
    if (!('count' in body)) return workerAt(0).ask(kind, body)
    const parts = countsOf(body, lanes).map((count, lane) => workerAt(lane).ask('hash', { ...body, count }))
    return (await Promise.all(parts)).flat() as Answers[K]
  }

  async function perform<K extends Kind>(kind: K, body: Requests[K], signal: AbortSignal): Promise<Answers[K]> {
    signal.throwIfAborted()
    if (isClosed) throw ended()
    if (resting) clearTimeout(resting)
    const onAbort = () => end()
    signal.addEventListener('abort', onAbort)
    try {
      return await shared(kind, body)
    } catch (error) {
      // What the others are at is wanted no more.
      end()
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
      if (workers.length > 0) resting = setTimeout(end, idle).unref()
    }
  }

  return {
    async ask(kind, body, signal) {
      const own = turn.then(() => perform(kind, body, signal))
      turn = own.catch(() => undefined)
      // Who gives up while others are served does not wait for them.
      const { promise: aborted, reject } = Promise.withResolvers<never>()
      const onAbort = () => reject(signal.reason as Error)
      signal.addEventListener('abort', onAbort)
      try {
        return await Promise.race([own, aborted])
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
    get pid() {
      return workers[0]?.pid
    },
    close() {
      isClosed = true
      end()
    },
  }
}

interface Worker {
  readonly pid: number | undefined
  ask<K extends Kind>(kind: K, body: Requests[K]): Promise<Answers[K]>
  kill(): void
}

function startWorker(host: Pick<Host, 'spawn' | 'log'>, onOver: (worker: Worker) => void): Worker {
  const process: HostProcess = host.spawn('hashing')
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let lastId = 0
  let isOver = false
  let isKilled = false
  process.onExit((code, signal) => {
    isOver = true
    if (!isKilled) host.log('warn', `the hashing worker ended by itself (code ${code}, signal ${signal})`)
    for (const { reject } of pending.values()) reject(ended())
    pending.clear()
    onOver(own)
  })
  process.onMessage((message) => {
    const reply = message as Reply
    const asked = pending.get(reply.id)
    pending.delete(reply.id)
    if (reply.kind === 'done') asked?.resolve(reply.value as never)
    else
      asked?.reject(
        notHashed('The hash could not be computed: its costs may be more than this machine has memory for.'),
      )
  })
  const own: Worker = {
    get pid() {
      return process.pid
    },
    ask: (kind, body) =>
      new Promise((resolve, reject) => {
        if (isOver) return reject(ended())
        const id = ++lastId
        pending.set(id, { resolve, reject })
        process.send({ id, kind, body })
      }),
    kill() {
      isKilled = true
      process.kill()
    },
  }
  return own
}

export const notHashed = (why: string): Refusal => new Refusal('NOT_HASHED', why, { why })

const ended = () =>
  notHashed('The process that computes hashes ended before it answered. Nothing was changed; try again.')
