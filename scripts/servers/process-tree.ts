// A server's processes as a whole: PostgreSQL has one for each connection, each in a process group of its own.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

interface Entry {
  pid: number
  parent: number
  state: string
}

/** `pid (name) state parent …`; the name may hold spaces and brackets. */
function readStat(pid: string): Entry[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent = '0'] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return [{ pid: Number(pid), parent: Number(parent), state }]
  } catch {
    // It ended while the list was read.
    return []
  }
}

function all(): Entry[] {
  if (existsSync('/proc/self/stat'))
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(readStat)
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid = '0', parent = '0', state = ''] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), state }
  })
}

/** A zombie has ended; where nobody collects orphans, it stays in the list. */
const isAlive = (entry: Entry) => !entry.state.startsWith('Z')

/** The process and everything it started, itself first. */
export function treeOf(root: number): number[] {
  const entries = all().filter(isAlive)
  const tree = entries.filter(({ pid }) => pid === root).map(({ pid }) => pid)
  for (const parent of tree) tree.push(...entries.filter((entry) => entry.parent === parent).map(({ pid }) => pid))
  return tree
}

/** What the process itself has started and has not ended. */
export function childrenOf(parent: number): number[] {
  return all()
    .filter((entry) => isAlive(entry) && entry.parent === parent)
    .map(({ pid }) => pid)
}

export function signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended by itself.
    }
  }
}

/** Stops the root first, so that it starts nothing more, then the rest. */
export function stopTree(root: number): number[] {
  signalEach([root], 'SIGSTOP')
  const tree = treeOf(root)
  signalEach(tree, 'SIGSTOP')
  return tree
}

/** SIGKILL to all; resolves when none is left. */
export async function killTree(root: number): Promise<void> {
  const tree = stopTree(root)
  signalEach(tree, 'SIGKILL')
  await whenGone(tree)
}

export async function whenGone(pids: readonly number[]): Promise<void> {
  for (;;) {
    const alive = new Set(
      all()
        .filter(isAlive)
        .map(({ pid }) => pid),
    )
    if (!pids.some((pid) => alive.has(pid))) return
    await wait(5)
  }
}
