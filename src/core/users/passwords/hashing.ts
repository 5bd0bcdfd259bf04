// Roster's end of the hashing worker: started when it is first needed, ended when nothing was asked for a while.
import type { Host, HostProcess } from '../../host.ts'
import { Refusal } from '../../refusal.ts'
import type { Answers, Kind, Reply, Requests } from './hashing-protocol.ts'

/** Milliseconds without a request after which the worker ends, and what it held in memory with it. */
const IDLE = 60_000

export interface Hashing {
  /**
   * One request after the other. Throws NOT_HASHED in words when it fails or the worker ends, and the signal's reason when
   * aborted: the worker is killed then, in the middle of its work.
   */
  ask<K extends Kind>(kind: K, body: Requests[K], signal: AbortSignal): Promise<Answers[K]>
  /** Of the process that is running now. */
  readonly pid: number | undefined
  /** Ends the worker; whatever is asked then is refused. */
  close(): void
}

export function openHashing(host: Pick<Host, 'spawn' | 'log'>, idle = IDLE): Hashing {
  let worker: Worker | null = null
  let resting: NodeJS.Timeout | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let isClosed = false

  function end(): void {
    if (resting) clearTimeout(resting)
    resting = null
    worker?.kill()
    worker = null
  }

  async function perform<K extends Kind>(kind: K, body: Requests[K], signal: AbortSignal): Promise<Answers[K]> {
    signal.throwIfAborted()
    if (isClosed) throw ended()
    if (resting) clearTimeout(resting)
    worker ??= startWorker(host, (gone) => {
      if (worker === gone) worker = null
    })
    const onAbort = () => end()
    signal.addEventListener('abort', onAbort)
    try {
      return await worker.ask(kind, body)
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
      if (worker) resting = setTimeout(end, idle).unref()
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
      return worker?.pid
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
