// Roster's end of one SQLite child process: requests out, answers in, and what happens when it ends.
import type { Cell } from '../../../shared/cell.ts'
import type { Host } from '../../host.ts'
import type { Rows } from '../database.ts'
import { processEnded, toRefusal } from './errors.ts'
import type { Answers, Kind, Reply, Requests } from './protocol.ts'
import { ownBytes } from './values.ts'

export interface Child {
  readonly pid: number | undefined
  /** True as soon as it was killed or has ended: nothing can be asked any more. */
  readonly isOver: boolean
  /** Something was asked and not answered yet. */
  readonly isBusy: boolean
  /** Resolves when the process has ended, and all its locks with it. */
  readonly over: Promise<void>
  /** Requests are answered in the order they were asked. Rejects with a Refusal. */
  ask<K extends Kind>(kind: K, body: Requests[K]): Promise<Answers[K]>
  query(body: Requests['query']): Promise<Rows>
  /** Ends it at once. Open requests reject with `reason`, or with `process-ended`. */
  kill(reason?: Error): void
}

interface Pending {
  resolve: (value: never) => void
  reject: (error: unknown) => void
  rows: Cell[][]
}

/** `onMoved` is told when the path leads to another file than the one that the child has open. */
export function startChild(host: Host, file: string, onMoved: () => void): Child {
  const process = host.spawn('sqlite')
  const pending = new Map<number, Pending>()
  let lastId = 0
  let isOver = false
  let why: Error | undefined

  const over = new Promise<void>((resolve) => {
    process.onExit((code, signal) => {
      isOver = true
      if (!why) host.log('warn', `a SQLite process ended by itself (code ${code}, signal ${signal})`)
      for (const { reject } of pending.values()) reject(why ?? processEnded())
      pending.clear()
      resolve()
    })
  })

  process.onMessage((message) => {
    const reply = message as Reply
    const asked = pending.get(reply.id)
    if (!asked) return
    if (reply.kind === 'rows') {
      if (reply.hasBytes) ownBytes(reply.rows)
      for (const row of reply.rows) asked.rows.push(row)
      return
    }
    pending.delete(reply.id)
    if (reply.kind === 'done') asked.resolve(reply.value as never)
    else {
      if (reply.failure.code === 'ROSTER_MOVED') onMoved()
      asked.reject(toRefusal(reply.failure, file))
    }
  })

  function ask<K extends Kind>(kind: K, body: Requests[K], rows: Cell[][] = []): Promise<Answers[K]> {
    if (isOver) return Promise.reject(why ?? processEnded())
    return new Promise<Answers[K]>((resolve, reject) => {
      const id = ++lastId
      pending.set(id, { resolve, reject, rows })
      try {
        process.send({ id, kind, body })
      } catch (error) {
        pending.delete(id)
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
  }

  return {
    get pid() {
      return process.pid
    },
    get isOver() {
      return isOver
    },
    get isBusy() {
      return pending.size > 0
    },
    over,
    ask: (kind, body) => ask(kind, body),
    async query(body) {
      const rows: Cell[][] = []
      const columns = await ask('query', body, rows)
      return { columns, rows }
    },
    kill(reason = processEnded()) {
      if (isOver) return
      isOver = true
      why = reason
      process.kill()
    },
  }
}
