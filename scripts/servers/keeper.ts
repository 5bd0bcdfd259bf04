// A process of its own that runs one database server for the process that started it, and ends the server and removes its
// folder when that process is gone, however it went: its channel closes even after SIGKILL.
import { Keeper } from './kept.ts'
import type { Gone, Reply, Request } from './keeper-talk.ts'

const keeper = new Keeper((pid) => tell({ gone: pid }))

function tell(message: Reply | Gone): void {
  if (process.connected) process.send?.(message, () => undefined)
}

async function endAll(code: number): Promise<never> {
  try {
    await keeper.end()
  } catch (error) {
    console.error(error)
  }
  return process.exit(code)
}

/** Wishes are fulfilled one after another. */
let last: Promise<unknown> = Promise.resolve()
process.on('message', (request: Request) => {
  last = last.then(async () => {
    try {
      await keeper.fulfil(request)
      tell({ id: request.id, facts: keeper.facts() })
    } catch (error) {
      tell({ id: request.id, error: error instanceof Error ? error.message : String(error) })
    }
  })
})
// A start that is under way ends first, so that what it made is removed too.
process.on('disconnect', () => void last.then(() => endAll(0)))
process.on('SIGTERM', () => void last.then(() => endAll(0)))
// The keystroke and the closing terminal are for the process that started it.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('uncaughtException', (error) => {
  console.error(error)
  void endAll(1)
})
