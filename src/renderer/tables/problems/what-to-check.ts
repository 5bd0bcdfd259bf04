// Which staged changes are asked about again after an edit: those that are different, and those that have to do with them.
import type { Problem } from '../../../shared/table-saves.ts'
import type { Change, TableDescription } from '../../../shared/tables.ts'
import type { Cell } from '../../../shared/cell.ts'

/** Changes up to which all are asked about: nothing is spared with fewer. */
const FEW = 200

export interface ToCheck {
  send: readonly Change[]
  /** Problems found before that still hold. */
  keep: readonly Problem[]
}

/**
 * `before` is what was checked last, `problems` what was found then. Two changes have to do with each other when one of them
 * writes, frees or points to a value that the other has too: in a key, a unique set, or a foreign key to the same table.
 */
export function whatToCheck(
  description: TableDescription,
  before: readonly Change[],
  now: readonly Change[],
  problems: readonly Problem[],
): ToCheck {
  const all = { send: now, keep: [] }
  if (now.length <= FEW || before.length === 0) return all
  const [were, are] = [new Set(before), new Set(now)]
  const news = now.filter((change) => !were.has(change))
  const gone = before.filter((change) => !are.has(change))
  if (news.length > now.length / 2) return all
  const linked = linkedColumns(description)
  const values = new Set([...news, ...gone].flatMap((change) => valuesOf(change, linked, description.key)))
  const touched = new Set([...news, ...gone].map(({ id }) => id))
  for (const { changeId, otherId } of problems) if (otherId !== null && touched.has(otherId)) touched.add(changeId)
  const isTouched = (change: Change) =>
    touched.has(change.id) || valuesOf(change, linked, description.key).some((value) => values.has(value))
  const send = now.filter(isTouched)
  const asked = new Set(send.map(({ id }) => id))
  const present = new Set(now.map(({ id }) => id))
  const keep = problems.filter(({ changeId }) => present.has(changeId) && !asked.has(changeId))
  return { send, keep }
}

const linkedOf = new WeakMap<TableDescription, ReadonlySet<string>>()

function linkedColumns(description: TableDescription): ReadonlySet<string> {
  const before = linkedOf.get(description)
  if (before) return before
  const linked = linkedNames(description)
  linkedOf.set(description, linked)
  return linked
}

function linkedNames({ name, key, unique, references }: TableDescription): ReadonlySet<string> {
  const own = references.filter(({ table }) => table === name)
  return new Set([...key, ...unique.flat(), ...own.flatMap(({ columns, pointsTo }) => [...columns, ...pointsTo])])
}

/** One text for values that some collation may take for the same; rather too many than too few. */
function folded(cell: Cell): string | null {
  if (cell === null) return null
  if (cell instanceof Uint8Array) return `bytes ${cell.join(' ')}`
  if (typeof cell !== 'string') return Number(cell).toString()
  const plain = cell.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimEnd()
  return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain).toString() : plain
}

/** A change never changes: another edit makes another one. */
const known = new WeakMap<Change, { linked: ReadonlySet<string>; values: readonly string[] }>()

function valuesOf(change: Change, linked: ReadonlySet<string>, key: readonly string[]): readonly string[] {
  const before = known.get(change)
  if (before?.linked === linked) return before.values
  const values = foldedOf(change, linked, key)
  known.set(change, { linked, values })
  return values
}

function foldedOf(change: Change, linked: ReadonlySet<string>, key: readonly string[]): string[] {
  const named: [string, Cell][] = [
    ...(change.kind === 'insert' ? [] : Object.entries(change.original)),
    ...(change.kind === 'delete' ? [] : Object.entries(change.values)),
    ...(change.kind === 'insert' ? [] : key.map((name, index): [string, Cell] => [name, change.key[index] ?? null])),
  ]
  return named.flatMap(([name, cell]) => (linked.has(name) ? (folded(cell) ?? []) : []))
}
