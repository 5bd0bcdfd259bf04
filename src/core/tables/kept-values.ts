// Staged texts that name new password hashes, replaced by the hashes where the host writes or checks them, and nowhere else.
import { schemeOfKept } from '../../shared/kept-hash.ts'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import type { KeptHashes } from '../kept-hashes.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'
import { readRows, textOfAll, type Read } from './read-rows.ts'
import type { RememberedSaves } from './remembered-saves.ts'
import { isDeepStrictEqual } from 'node:util'

type Writing = Exclude<Change, { kind: 'delete' }>

export interface KeptScope {
  shape: TableShape
  dialect: SqlDialect
  kept: KeptHashes
  read: Read
  /** The saves that may be asked about again, and the table's address there; null where nothing is saved. */
  earlier: { remembered: RememberedSaves; address: string } | null
}

export const NO_LONGER_KEPT =
  'The new password of this row is no longer kept: Roster was started again, or later ones took its room. Set it again.'

/** Columns of a change whose staged value names a hash. */
export const keptColumns = (change: Change): string[] =>
  change.kind === 'delete'
    ? []
    : Object.entries(change.values).flatMap(([name, value]) =>
        isSecretColumn(name) && schemeOfKept(value) !== null ? [name] : [],
      )

/**
 * The changes with the hashes that they name, each guarded by the hash that its row holds now. A change of an earlier save that
 * may be asked about again keeps the guard that it had then, so that it is recognised. Throws VALUE_REFUSED for a hash that is
 * not kept any more, or does not fit its column.
 */
export async function withHashes(scope: KeptScope, changes: readonly Change[]): Promise<readonly Change[]> {
  if (!changes.some((change) => keptColumns(change).length > 0)) return changes
  const written = new Map(
    changes.flatMap((change) => {
      const names = keptColumns(change)
      return change.kind === 'delete' || names.length === 0
        ? []
        : [[change.id, writtenOf(scope, change, names)] as const]
    }),
  )
  const guards = await guardsOf(scope, changes, written)
  return changes.map((change): Change => {
    const values = written.get(change.id)
    if (!values || change.kind === 'delete') return change
    if (change.kind === 'insert') return { ...change, values }
    return { ...change, values, original: { ...change.original, ...guards.get(change.id) } }
  })
}

/** Why a hash cannot be written, by the change and its column; null when it can. */
export function whyNotKept(
  { shape, kept }: Pick<KeptScope, 'shape' | 'kept'>,
  text: Cell,
  name: string,
): string | null {
  const hash = kept.find(String(text))
  if (hash === undefined) return NO_LONGER_KEPT
  const column = shape.columns.find((one) => one.name === name)
  if (hash === null)
    return column?.isNullable === false ? `${name} cannot be NULL, so a row cannot be left without a password.` : null
  const most = column?.maxLength ?? null
  if (most === null || [...hash].length <= most) return null
  return `The new hash has ${[...hash].length} characters, and ${name} holds at most ${most} (${column?.type ?? ''}). Hash the password in another way.`
}

function writtenOf(scope: KeptScope, change: Writing, names: readonly string[]): Record<string, Cell> {
  const hashes = names.map((name): [string, Cell] => {
    const text = change.values[name] ?? null
    const why = whyNotKept(scope, text, name)
    if (why !== null) throw new Refusal('VALUE_REFUSED', why, { changeId: change.id, column: name })
    return [name, asStored(scope.shape, name, scope.kept.find(String(text)) ?? null)]
  })
  return { ...change.values, ...Object.fromEntries(hashes) }
}

function asStored(shape: TableShape, name: string, hash: string | null): Cell {
  const isBinary = shape.columns.find((one) => one.name === name)?.kind === 'binary'
  return hash !== null && isBinary ? new Uint8Array(Buffer.from(hash, 'utf8')) : hash
}

/** What the rows hold, by change. A row that is gone has no guard: its key alone says so. */
async function guardsOf(
  scope: KeptScope,
  changes: readonly Change[],
  written: ReadonlyMap<string, Record<string, Cell>>,
): Promise<Map<string, Record<string, Cell>>> {
  const guards = new Map<string, Record<string, Cell>>()
  const asked: { change: Writing & { kind: 'update' }; names: string[] }[] = []
  for (const change of changes) {
    const values = written.get(change.id)
    if (change.kind !== 'update' || !values) continue
    const names = keptColumns(change)
    const known = guardOfEarlier(scope, { ...change, values }, names)
    if (known) guards.set(change.id, known)
    else asked.push({ change, names })
  }
  const columns = [...new Set(asked.flatMap(({ names }) => names))]
  if (columns.length === 0) return guards
  const keys = asked.map(({ change: { key } }) => (key.length === scope.shape.key.length ? key : null))
  const rows = await readRows(scope.read, scope.dialect, scope.shape, keys, columns)
  asked.forEach(({ change, names }, index) => {
    const row = rows[index]
    if (row) guards.set(change.id, Object.fromEntries(names.map((name) => [name, row[columns.indexOf(name)] ?? null])))
  })
  return guards
}

/** A hash is like no other, by its salt: the same change with the same hash is the one that was saved then. */
function guardOfEarlier(
  { earlier }: KeptScope,
  change: Writing & { kind: 'update' },
  names: readonly string[],
): Record<string, Cell> | null {
  if (!earlier) return null
  for (const known of earlier.remembered.known(earlier.address, change.id)) {
    if (known.kind !== 'update' || textOfAll(known.key) !== textOfAll(change.key)) continue
    if (!isDeepStrictEqual(known.values, change.values)) continue
    const guard = Object.entries(known.original).filter(([name]) => names.includes(name))
    if (guard.length === names.length) return Object.fromEntries(guard)
  }
  return null
}
