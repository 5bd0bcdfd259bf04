// The entry of one child process, which holds one SQLite connection so that the main thread never waits for the disk.
import type { Cell } from '../../../shared/cell.ts'
import { placeOfFailure } from '../failed-at.ts'
import { constraintColumns } from './constraint-columns.ts'
import { openSession, type ChildSession } from './child-session.ts'
import { openKnexSession, type KnexSession } from './knex-session.ts'
import { openFile, type OpenedFile } from './open-file.ts'
import { ChildFailure, type Failure, type Reply, type Request } from './protocol.ts'

/** Rows and characters (or bytes) in one message at most, so that the main thread takes in one in a few milliseconds. */
const PART_ROWS = 500
const PART_SIZE = 256_000

/** Electron's utility processes have this in place of `process.send`. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

const parentPort = (process as { parentPort?: ParentPort }).parentPort

let opened: OpenedFile | null = null
let session: ChildSession | null = null
let knex: KnexSession | null = null

function send(reply: Reply): void {
  if (parentPort) parentPort.postMessage(reply)
  else if (process.connected) process.send?.(reply)
}

function answer(request: Request): void {
  try {
    send({ id: request.id, kind: 'done', value: perform(request) })
  } catch (error) {
    send({ id: request.id, kind: 'failed', failure: failureOf(error) })
  }
}

function perform(request: Request): unknown {
  if (request.kind === 'open') {
    opened?.database.close()
    opened = openFile(request.body)
    session = openSession(opened, request.body.role)
    knex = request.body.role === 'schema' ? openKnexSession(opened.database) : null
    return opened.facts
  }
  if (request.kind === 'close') {
    opened?.database.close()
    opened = session = knex = null
    return null
  }
  if (request.kind === 'knex') return present(knex).query(request.body)
  const open = present(session)
  switch (request.kind) {
    case 'query': {
      const { columns, rows } = open.query(request.body)
      sendRows(request.id, rows)
      return columns
    }
    case 'run':
      return open.run(request.body)
    case 'bulk':
      return open.bulk(request.body)
    case 'many':
      return open.many(request.body)
    case 'begin':
      return open.begin()
    case 'commit':
      return open.commit()
    case 'rollback':
      return open.rollback()
  }
}

function present<T>(thing: T | null): T {
  if (thing === null) throw new Error('Nothing is open in this process.')
  return thing
}

function sendRows(id: number, rows: readonly Cell[][]): void {
  let part: Cell[][] = []
  let size = 0
  let hasBytes = false
  const flush = () => {
    if (part.length) send({ id, kind: 'rows', rows: part, hasBytes })
    part = []
    size = 0
    hasBytes = false
  }
  for (const row of rows) {
    row.forEach((cell, index) => {
      if (cell instanceof Uint8Array) {
        hasBytes = true
        // A plain Uint8Array: a Buffer would arrive as one through one host and not through the other.
        row[index] = new Uint8Array(cell.buffer as ArrayBuffer, cell.byteOffset, cell.byteLength)
        size += cell.byteLength
      } else size += typeof cell === 'string' ? cell.length : 8
    })
    part.push(row)
    if (part.length >= PART_ROWS || size >= PART_SIZE) flush()
  }
  flush()
}

function failureOf(error: unknown): Failure {
  if (error instanceof ChildFailure) return error.failure
  const { code, message } = error as { code?: unknown; message?: unknown }
  const place = placeOfFailure(error)
  const failure = {
    ...(place !== null && { place }),
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : String(error),
  }
  if (!opened || !failure.code.startsWith('SQLITE_CONSTRAINT')) return failure
  return { ...failure, columns: constraintColumns(opened.database, failure.message) }
}

if (parentPort) {
  parentPort.on('message', ({ data }) => answer(data as Request))
} else {
  process.on('message', (message) => answer(message as Request))
  // The parent is gone. A statement that is still running ends first, as nothing can interrupt it.
  process.on('disconnect', () => process.exit(0))
}
// Ctrl+C in a terminal reaches the whole group; the parent decides what ends when.
process.on('SIGINT', () => undefined)
