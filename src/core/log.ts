// The log: one file in the data folder, whole errors but no secrets, never shown outside and never sent anywhere.
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { inspect } from 'node:util'
import { redact } from './redact.ts'

const LIMIT = 5_000_000

export type Log = (level: 'info' | 'warn' | 'error', message: string, detail?: unknown) => void

/** Appends to `file`; at 5 MB the file becomes `file.1` and a new one begins. A log that cannot be written is left out. */
export function openLog(file: string): Log {
  return (level, message, detail) => {
    const rest = detail === undefined ? '' : ` ${inspect(detail, { depth: 6, breakLength: 120 })}`
    const line = `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${redact(message + rest)}\n`
    try {
      if (sizeOf(file) > LIMIT) renameSync(file, `${file}.1`)
      appendFileSync(file, line, { mode: 0o600 })
    } catch {
      if (level === 'error') process.stderr.write(line)
    }
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}
