// How each column of a table is written: found once, and kept for as long as the table's shape stays the same.
import type { Cell } from '../../shared/cell.ts'
import { codec as codecSchema, type Codec } from '../../shared/codecs.ts'
import type { Owner } from '../../shared/owners.ts'
import type { Encoding } from '../../shared/tables.ts'
import type { Database, ShapeColumn, TableShape } from '../db/database.ts'
import { ownerAtOnce, ownerOf } from '../owners/owner-of.ts'
import { schemaWork } from '../db/schema-work.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'
import { detect, needsValues, type Found } from './detect.ts'
import { sampleValues } from './sample.ts'

/** Milliseconds that looking at values may take; the declared type speaks alone after them. */
const LIMIT = 4000

/** By the column's name. */
export type Encodings = ReadonlyMap<string, Found>

interface Known {
  /** Tables by name. `shape` is a text of names, types and keys, and of how often migrations have run. */
  tables: Map<string, { shape: string; found: Encodings }>
  /** A person's word, by table and column. */
  chosen: Map<string, { type: string; codec: Codec | null }>
}

const known = new WeakMap<Database, Known>()

function knownOf(database: Database): Known {
  const found = known.get(database) ?? { tables: new Map(), chosen: new Map() }
  known.set(database, found)
  return found
}

/** When a person reloads: what the table holds may be written otherwise now. What was chosen stays. */
export function forgetEncodings(database: Database, table: string): void {
  knownOf(database).tables.delete(table)
}

export async function encodingsOf(
  database: Database,
  dialect: SqlDialect,
  shape: TableShape,
  signal: AbortSignal,
): Promise<Encodings> {
  const { tables, chosen } = knownOf(database)
  const text = shapeText(database, shape)
  const before = tables.get(shape.name)
  if (before?.shape === text) return withChoices(shape, before.found, chosen)
  const { found, isWhole } = await look(database, dialect, shape, signal)
  // A view that takes too long would take as long every time.
  if (isWhole || shape.key.length === 0) tables.set(shape.name, { shape: text, found })
  return withChoices(shape, found, chosen)
}

/** What is known already, else what the declared types alone say: nothing is asked of the database. */
export function encodingsAtOnce(database: Database, shape: TableShape): Encodings {
  const { tables, chosen } = knownOf(database)
  const before = tables.get(shape.name)
  if (before?.shape === shapeText(database, shape)) return withChoices(shape, before.found, chosen)
  const columns = shape.columns.filter(({ name }) => !isSecretColumn(name))
  return withChoices(
    shape,
    foundIn(database, shape, columns, ownerAtOnce(database, shape), () => null),
    chosen,
  )
}

function shapeText(database: Database, shape: TableShape): string {
  const columns = shape.columns.map(({ name, type, keyPosition }) => [name, type, keyPosition])
  return JSON.stringify([columns, shape.key, schemaWork(database)])
}

/** `read`: the values of a column that has to be looked into; null where they were not read. */
function foundIn(
  { dialect }: Database,
  shape: TableShape,
  columns: readonly ShapeColumn[],
  owner: Owner | null,
  read: (column: ShapeColumn) => readonly Cell[] | null,
): Encodings {
  const around = { dialect, columns: shape.columns, owner }
  const values = (column: ShapeColumn) => (needsValues(column, around) ? read(column) : [])
  return new Map(columns.map((column) => [column.name, detect(column, values(column), around)]))
}

async function look(database: Database, dialect: SqlDialect, shape: TableShape, signal: AbortSignal) {
  const columns = shape.columns.filter(({ name }) => !isSecretColumn(name))
  const owner = await ownerOf(database, shape, signal)
  const asked = columns.filter((column) => needsValues(column, { dialect: database.dialect, owner }))
  const limit = AbortSignal.timeout(LIMIT)
  let sample: Awaited<ReturnType<typeof sampleValues>> | null = null
  try {
    sample = await sampleValues(database, dialect, shape, asked, AbortSignal.any([signal, limit]))
  } catch (error) {
    // A table that cannot be read says so itself when its rows are asked for.
    if (!limit.aborted || signal.aborted) throw error
  }
  const found = foundIn(database, shape, columns, owner, ({ name }) => sample?.get(name) ?? null)
  return { found, isWhole: sample !== null }
}

function withChoices(shape: TableShape, found: Encodings, chosen: Known['chosen']): Encodings {
  if (chosen.size === 0) return found
  return new Map(
    Array.from(found, ([name, each]) => {
      const word = chosen.get(JSON.stringify([shape.name, name]))
      const type = shape.columns.find((column) => column.name === name)?.type
      if (!word || word.type !== type || !each.encoding) return [name, each]
      const encoding: Encoding = { ...each.encoding, basis: 'chosen' }
      return [name, { codec: word.codec, encoding }]
    }),
  )
}

/** Takes a person's word on how a column is written; null takes it back. Throws QUERY_FAILED for what is no choice. */
export function chooseEncoding(
  database: Database,
  shape: TableShape,
  encodings: Encodings,
  name: string,
  choice: { codec: Codec | null } | null,
): void {
  const column = shape.columns.find((each) => each.name === name)
  const { encoding } = encodings.get(name) ?? { encoding: null }
  const isOffered =
    encoding !== null &&
    encoding.basis !== 'type' &&
    (!choice?.codec || encoding.choices.some((each) => sameCodec(each, choice.codec as Codec)))
  if (!column || !isOffered) {
    const message = `How ${name} of ${shape.name} is written was found otherwise by now. Reload the table.`
    throw new Refusal('QUERY_FAILED', message, { code: 'NO_CHOICE' })
  }
  const { chosen } = knownOf(database)
  const address = JSON.stringify([shape.name, name])
  if (choice) chosen.set(address, { type: column.type, codec: choice.codec })
  else chosen.delete(address)
}

function sameCodec(a: Codec, b: Codec): boolean {
  return JSON.stringify(codecSchema.parse(a)) === JSON.stringify(codecSchema.parse(b))
}
