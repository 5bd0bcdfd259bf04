// A process of Roster as the session of a SQLite file: its name for the journal, and whether the one so named still lives.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Process ids are given out again, in containers at every start: this tells one process from the next of its number. */
const instance = randomUUID()

/** "4711 <when it began> <instance>@machine" */
export function sessionOfThisProcess(): string {
  return `${process.pid} ${beganAt(process.pid)} ${instance}@${hostname()}`
}

/** `elsewhere`: on another machine, which cannot be asked. */
export type ProcessState = 'this' | 'alive' | 'gone' | 'elsewhere'

export function processState(session: string): ProcessState {
  const parts = /^(\d+) (\S+) (\S+?)@(.*)$/s.exec(session)
  if (!parts) return 'gone'
  const [, number, began, which, machine] = parts
  if (machine !== hostname()) return 'elsewhere'
  const pid = Number(number)
  if (pid === process.pid) return which === instance ? 'this' : 'gone'
  if (!isThere(pid)) return 'gone'
  // Where the system does not tell when a process began, one of the same number is taken for the same.
  const now = beganAt(pid)
  return now === '-' || began === '-' || now === began ? 'alive' : 'gone'
}

/** "process 4711 on machine" */
export function processWords(session: string): string {
  const [, number, machine] = /^(\d+) .*@(.*)$/s.exec(session) ?? []
  return number === undefined ? 'a process' : `process ${number} on ${machine ?? ''}`
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process: it is there, and may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Clock ticks between the machine's start and the process's, as Linux tells; "ended" for one that has, "-" elsewhere. */
function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold anything; the 22nd field is the 20th behind it.
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A process that has ended stays in the list until its parent has asked for it.
    return state === 'Z' || state === 'X' ? 'ended' : (fields[18] ?? '-')
  } catch {
    return '-'
  }
}
