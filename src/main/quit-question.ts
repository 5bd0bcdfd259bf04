// What a person is asked before Roster ends, in words: what is at stake, and what becomes of it.
import type { RunKind } from '../core/runs.ts'

export interface AtStake {
  /** Rows with staged edits, and the tables they are in. */
  edits: number
  tables: number
  /** The edits are stored on disk, sealed; otherwise they live in this process alone. */
  isStored: boolean
  running: readonly RunKind[]
}

const runs: Record<RunKind, { title: string; outcome: string }> = {
  migrations: { title: 'migrations run', outcome: 'The migration run under way is rolled back.' },
  'demo-users': {
    title: 'demo users are added',
    outcome: 'Adding demo users is stopped, and none of them stay in the table.',
  },
}

/** Null when nothing is at stake: then nothing is asked. */
export function quitQuestion({
  edits,
  tables,
  isStored,
  running,
}: AtStake): { message: string; detail: string } | null {
  if (edits === 0 && running.length === 0) return null
  const staged = `${plural(edits, 'staged edit')} in ${plural(tables, 'table')}`
  const lines: string[] = []
  if (edits > 0) {
    lines.push(
      isStored
        ? `${staged} ${edits === 1 ? 'is' : 'are'} not saved to the database. Roster keeps ${edits === 1 ? 'it' : 'them'} sealed on this computer and stages ${edits === 1 ? 'it' : 'them'} again at the next start.`
        : `${staged} ${edits === 1 ? 'is' : 'are'} not saved to the database and will be lost: this system has no keychain that Roster may use to keep ${edits === 1 ? 'it' : 'them'}.`,
    )
  }
  lines.push(...running.map((kind) => runs[kind].outcome))
  const while_ = running.map((kind) => runs[kind].title).join(' and ')
  const message = edits > 0 ? `Quit Roster with ${staged}?` : `Quit Roster while ${while_}?`
  return { message, detail: lines.join('\n\n') }
}

function plural(value: number, one: string): string {
  return `${value.toLocaleString('en-US')} ${one}${value === 1 ? '' : 's'}`
}
