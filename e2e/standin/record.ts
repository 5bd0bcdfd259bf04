// What happened at the edges of the app, for the test that drives it, and the end of the process when the stand-in is
// asked for something it does not play.
import { NotModelled } from './not-modelled.ts'

export interface Recorded {
  what: string
  detail: unknown
}

const all: Recorded[] = []
let listener: ((one: Recorded) => void) | null = null

export function record(what: string, detail: unknown): void {
  const one = { what, detail }
  all.push(one)
  listener?.(one)
}

export function recorded(): readonly Recorded[] {
  return all
}

export function onRecord(listen: (one: Recorded) => void): void {
  // Modules are loaded before anybody can listen.
  all.forEach(listen)
  listener = listen
}

/** Ends the process: a test that goes on would prove nothing. */
export function stop(error: unknown): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`The stand-in stops. ${stack ?? message}\n`)
  record('stopped', { name, message })
  if (error instanceof NotModelled) setTimeout(() => process.exit(70), 50)
  else setTimeout(() => process.exit(71), 50)
}
