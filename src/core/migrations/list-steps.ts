// Brings together what the folder has, what the ledger says and what the journal remembers: one entry for each step.
import type { MigrationStep } from '../../shared/migration-steps.ts'
import { byName, keyOf } from './folder/step-name.ts'
import type { LedgerRow } from './ledger.ts'
import type { JournalEntry } from './run/journal.ts'
import type { StepFile } from './step.ts'

export interface Known {
  files: readonly StepFile[]
  /** Each step once. */
  rows: readonly LedgerRow[]
  /** The oldest first. */
  entries: readonly JournalEntry[]
  /** The step that ended in the middle, by any of its names. */
  half: string | null
}

/** As the knex command line sorts. */
export function listSteps(known: Known): MigrationStep[] {
  const { files, rows } = known
  const rowOf = new Map(rows.map((row) => [row.key, row]))
  const latest = latestUps(known.entries)
  const halfKey = known.half === null ? null : keyOf(known.half)
  const renamed = renames(files, rows, latest)
  const nameNow = new Map(
    files.flatMap((file) => {
      const row = rowOf.get(file.key) ?? renamed.get(file)
      return row ? [[row, file.name] as const] : []
    }),
  )
  const applied = rows.map((row) => nameNow.get(row) ?? row.name)

  const steps = files.map((file) => {
    const row = rowOf.get(file.key) ?? renamed.get(file) ?? null
    const entry = row && entryFor(row, latest)
    const step = { ...bare(file.name, row, entry), kind: file.kind, summary: file.summary }
    if (file.key === halfKey || row?.key === halfKey) return { ...step, state: 'half' as const, problem: HALF }
    if (!row) return { ...step, ...waiting(file, applied) }
    if (row.key !== file.key) return { ...step, state: 'renamed' as const, problem: renamedFrom(row) }
    if (entry && entry.checksum !== file.checksum) return { ...step, state: 'changed' as const, problem: CHANGED }
    return step
  })
  const missing = rows
    .filter((row) => !nameNow.has(row))
    .map((row) => {
      const step = bare(row.name, row, entryFor(row, latest))
      return row.key === halfKey
        ? { ...step, state: 'half' as const, problem: HALF }
        : { ...step, state: 'missing' as const, problem: MISSING }
    })
  const all = [...steps, ...missing]
  if (known.half !== null && !all.some(({ state }) => state === 'half')) {
    all.push({ ...bare(known.half, null, null), state: 'half', problem: `${HALF} Its file is not in the folder.` })
  }
  return all.sort((a, b) => byName(a.name, b.name))
}

const CHANGED =
  'Its file is another now than when it was applied. The database has what the older text did; running all steps does not run it again.'
const MISSING = 'It was applied here, and its file is not in the folder. Without the file it cannot be undone.'
const HALF = 'A run of it ended in the middle. What becomes of it has to be decided before anything else is run.'
const renamedFrom = ({ name }: LedgerRow) =>
  `It was applied as ${name}, and is the same but for its name. The knex command line would run it again until the ledger has the new name.`

function bare(name: string, row: LedgerRow | null, entry: JournalEntry | null): MigrationStep {
  return {
    name,
    ledgerName: row && row.name !== name ? row.name : null,
    kind: null,
    state: row ? 'applied' : 'pending',
    batch: row?.batch ?? null,
    appliedAt: row?.appliedAt ?? null,
    appliedBy: row && (entry ? APPLIED_BY[entry.outcome as Up] : 'elsewhere'),
    person: entry?.person ?? null,
    ms: entry?.outcome === 'done' ? entry.ms : null,
    summary: '',
    problem: null,
  }
}

/** `applied`: the names of what the ledger has, as they are now. */
function waiting(file: StepFile, applied: readonly string[]): Pick<MigrationStep, 'state' | 'problem'> {
  const later = applied.filter((name) => byName(file.name, name) < 0)
  const last = later.at(-1)
  if (!last) return { state: 'pending', problem: null }
  const what = later.length === 1 ? `${last} is` : `${later.length} later steps are`
  return { state: 'out-of-order', problem: `${what} applied already; this step would be run after that.` }
}

/** The journal's entry that a step's row in the ledger comes from, by the step's name in the list; null where it knows none. */
export function appliedFrom({ files, rows, entries }: Known, name: string): JournalEntry | null {
  const latest = latestUps(entries)
  const key = keyOf(name)
  const file = files.find((each) => each.key === key)
  const row = rows.find((each) => each.key === key) ?? (file && renames(files, rows, latest).get(file))
  return row ? entryFor(row, latest) : null
}

/** What a row of the ledger can come from. */
type Up = 'done' | 'adopted' | 'marked-applied' | 'renamed'
const APPLIED_BY = { done: 'run', adopted: 'adopted', 'marked-applied': 'marked', renamed: 'renamed' } as const
const isUp = ({ outcome, direction }: JournalEntry) =>
  outcome === 'adopted' ||
  outcome === 'marked-applied' ||
  outcome === 'renamed' ||
  (outcome === 'done' && direction === 'up')
const isDown = ({ outcome, direction }: JournalEntry) =>
  outcome === 'marked-not-applied' || (outcome === 'done' && direction === 'down')

/** By the step's key: what wrote its row, as far as the journal knows. What was undone since has none. */
function latestUps(entries: readonly JournalEntry[]): Map<string, JournalEntry> {
  const latest = new Map<string, JournalEntry>()
  for (const entry of entries) {
    if (isUp(entry)) latest.set(keyOf(entry.step), entry)
    else if (isDown(entry)) latest.delete(keyOf(entry.step))
  }
  return latest
}

/** A row of another batch than the journal's was written by another program meanwhile. */
function entryFor(row: LedgerRow, latest: ReadonlyMap<string, JournalEntry>): JournalEntry | null {
  const entry = latest.get(row.key)
  if (!entry || (entry.batch !== null && row.batch !== null && entry.batch !== row.batch)) return null
  return entry
}

/** Files without a row whose text is the one that a row without a file was applied from. */
function renames(
  files: readonly StepFile[],
  rows: readonly LedgerRow[],
  latest: ReadonlyMap<string, JournalEntry>,
): Map<StepFile, LedgerRow> {
  const keys = new Set(files.map(({ key }) => key))
  const orphans = new Map<string, LedgerRow[]>()
  for (const row of rows.filter(({ key }) => !keys.has(key))) {
    const checksum = entryFor(row, latest)?.checksum
    if (checksum !== undefined) orphans.set(checksum, [...(orphans.get(checksum) ?? []), row])
  }
  const applied = new Set(rows.map(({ key }) => key))
  const found = new Map<StepFile, LedgerRow>()
  for (const file of files) {
    const row = applied.has(file.key) ? undefined : orphans.get(file.checksum)?.shift()
    if (row) found.set(file, row)
  }
  return found
}
