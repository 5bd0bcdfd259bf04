// Rehearses on MySQL and MariaDB, which keep every change of the schema at once: in a scratch schema with the same tables.
import { quote } from '../../db/mysql/literal.ts'
import type { StatementReading } from '../plan/statement.ts'
import type { SchemaSession } from '../run/schema-session.ts'
import { differences } from './diff.ts'
import { endingWords } from './ending-words.ts'
import { textOf, type Ask } from './parts.ts'
import { counted, nothingShown, say, wordsOf, type Ending, type Rehearsal } from './rehearsal.ts'
import { runSteps, type Course, type Stage } from './run-steps.ts'
import { copyTables, type Copied } from './scratch-copy.ts'
import { leavesScratch } from './scratch-guard.ts'
import { dropScratch, findLeftovers, makeScratch, MARK, newScratchName, NoRight } from './scratch.ts'
import { keepSession, sessionIsBent } from './scratch-session.ts'
import { readSnapshot, type Snapshot } from './snapshot.ts'

/** Milliseconds for dropping the scratch schema and looking at the original, after the session was ended. */
const CLEAN_LIMIT = 60_000

/** What has to be cleaned and compared, as far as it came. */
interface Seen {
  scratch: string | null
  original: string
  before: Snapshot | null
}

export async function rehearseOnScratch(rehearsal: Rehearsal): Promise<Ending> {
  const seen: Seen = { scratch: null, original: '', before: null }
  let ending: Ending
  try {
    const session = await rehearsal.open(rehearsal.signal)
    try {
      await rehearsal.lock(session)
      ending = await rehearseOn(session, rehearsal, seen)
      return { ...ending, ...(await cleaned(session, seen, ending)) }
    } finally {
      await session.close()
    }
  } catch (error) {
    if (error instanceof NoRight) return nothingShown('failed', error.message)
    const isCancelled = rehearsal.signal.aborted
    if (!isCancelled && seen.before === null) throw error
    const what = isCancelled ? 'Cancelled.' : `The rehearsal ended in the middle: ${wordsOf(error)}`
    return afterwards(rehearsal, seen, nothingShown(isCancelled ? 'cancelled' : 'failed', what))
  }
}

async function rehearseOn(session: SchemaSession, rehearsal: Rehearsal, seen: Seen): Promise<Ending> {
  const ask: Ask = (sql, values) => session.ask(sql, values)
  const [here = {}] = await ask('SELECT DATABASE() AS name')
  seen.original = textOf(here.name)
  await dropLeftovers(session, rehearsal, seen.original)
  seen.before = await readSnapshot(session)
  const scratch = newScratchName(seen.original)
  seen.scratch = scratch
  await makeScratch(session, { scratch, original: seen.original, person: rehearsal.person })
  await ask(`USE ${quote(scratch)}`)
  const copied = await copyTables(
    session,
    { original: seen.original, scratch },
    {
      signal: rehearsal.signal,
      onProgress: (made, of) => say(rehearsal, `${made} of ${counted(of, 'table')} made in the scratch schema.`),
    },
  )
  sayCopied(rehearsal, scratch, copied)
  const before = withoutMark(await readSnapshot(session))
  const setBack = await keepSession(session)
  const stage = await scratchStage(session, { scratch, copied })
  const course = await runSteps(rehearsal, stage)
  await setBack()
  const { changed, unchanged } = differences(before, withoutMark(await readSnapshot(session)))
  await ask(`USE ${quote(seen.original)}`)
  return {
    outcome: course.problem?.kind === 'failed' ? 'failed' : 'done',
    message: [...endingWords(rehearsal, course), ...halfWords(course), ...rowWords(stage.withRows)].join(' '),
    changes: changed.map(({ name, before, after }) => ({ name, before, after, rowsBefore: null, rowsAfter: null })),
    unchanged,
  }
}

const withoutMark = ({ parts, sequences }: Snapshot): Snapshot => ({
  parts: parts.filter(({ name }) => name !== MARK),
  sequences,
})

function halfWords({ problem }: Course): string[] {
  if (problem?.kind !== 'failed') return []
  return ['What it had done before it failed is shown too: a real run would keep it.']
}

/** Steps that are named; the others are counted. */
const NAMES = 5

function rowWords(withRows: ReadonlySet<string>): string[] {
  if (withRows.size === 0) return []
  const more = withRows.size - NAMES
  const names = [...withRows].slice(0, NAMES).join(', ') + (more > 0 ? ` and ${counted(more, 'other step')}` : '')
  return [
    `${names} ${withRows.size === 1 ? 'works' : 'work'} with rows. The scratch schema has none, so that this part was not tried.`,
  ]
}

function sayCopied(rehearsal: Rehearsal, scratch: string, { tables, leftOut }: Copied): void {
  say(rehearsal, `${counted(tables.length, 'table')} made without rows in the scratch schema ${scratch}.`)
  if (leftOut.length === 0) return
  const more = leftOut.length > 20 ? ` and ${leftOut.length - 20} more` : ''
  say(rehearsal, `Left out there: ${leftOut.slice(0, 20).join(', ')}${more}.`)
}

async function dropLeftovers(session: SchemaSession, rehearsal: Rehearsal, original: string): Promise<void> {
  for (const { name, by, canGo } of await findLeftovers(session, original)) {
    const whose = by === null ? '' : `, of ${by},`
    if (canGo) {
      await dropScratch(session, name)
      say(rehearsal, `The scratch schema ${name}${whose} was left by a rehearsal that did not end, and is dropped now.`)
    } else {
      say(
        rehearsal,
        `The schema ${name}${whose} looks like a scratch schema and was left alone: it is in use, or not proven to be Roster's.`,
      )
    }
  }
}

interface ScratchStage extends Stage {
  /** Steps that read or change rows. */
  withRows: Set<string>
}

async function scratchStage(
  session: SchemaSession,
  { scratch, copied }: { scratch: string; copied: Copied },
): Promise<ScratchStage> {
  const ask: Ask = (sql, values) => session.ask(sql, values)
  const rows = await ask('SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA')
  const schemas = new Set(
    rows.map((row) => textOf(row.name).toLowerCase()).filter((name) => name !== scratch.toLowerCase()),
  )
  const known = new Set(copied.tables.map((name) => name.toLowerCase()))
  const withRows = new Set<string>()
  let current = ''
  let bent = await sessionIsBent(session, scratch)
  const isWithRows = ({ isCatalogRead, isSchemaChange, isSession, tables }: StatementReading) =>
    !isCatalogRead && !isSchemaChange && !isSession && tables.some((name) => known.has(name.toLowerCase()))

  return {
    withRows,
    isInTransaction: false,
    sink: {
      async send(statement) {
        const answer = await session.send(statement)
        if (/\bset\b/i.test(statement.sql)) bent = await sessionIsBent(session, scratch)
        return answer
      },
    },
    refuse({ sql }, reading) {
      const why = bent ?? leavesScratch(sql, schemas)
      if (why === null && isWithRows(reading)) withRows.add(current)
      return why
    },
    notHere: () => null,
    explain: (_error, { tables }) => {
      const missing = copied.leftOut.find((told) => tables.some((name) => told.split(' ')[1] === name))
      return Promise.resolve(missing === undefined ? null : `The ${missing} was left out of the scratch schema.`)
    },
    prepare: () => Promise.resolve(),
    begin(name) {
      current = name
      return Promise.resolve()
    },
    end: () => Promise.resolve(),
    undo: () => Promise.resolve(),
  }
}

/** Drops the scratch schema, and compares the original with what it was. */
async function cleaned(
  session: SchemaSession,
  { scratch, before, original }: Seen,
  ending: Ending,
): Promise<Partial<Ending>> {
  const words = [ending.message]
  if (scratch !== null) {
    try {
      await dropScratch(session, scratch)
    } catch (error) {
      words.push(
        `The scratch schema ${scratch} could not be dropped: ${wordsOf(error)} The next rehearsal tries again.`,
      )
    }
  }
  const changed = before === null ? [] : differences(before, await readSnapshot(session)).changed
  if (changed.length === 0) return { message: [...words, `The schema ${original} itself is as before.`].join(' ') }
  const names = changed.map(({ name }) => name).join(', ')
  const shout = `LOOK AT THE DATABASE: ${original} itself is not as it was before the rehearsal. These differ: ${names}. Another program has changed them meanwhile, or a statement got past the scratch schema.`
  return { outcome: 'failed', message: [shout, ...words].join(' ') }
}

/** With a new session: the old one was ended, or has failed. */
async function afterwards(rehearsal: Rehearsal, seen: Seen, ending: Ending): Promise<Ending> {
  if (seen.before === null) return { ...ending, message: `${ending.message} Nothing was changed.` }
  try {
    const session = await rehearsal.open(AbortSignal.timeout(CLEAN_LIMIT))
    try {
      return { ...ending, ...(await cleaned(session, seen, ending)) }
    } finally {
      await session.close()
    }
  } catch (error) {
    const left =
      seen.scratch === null ? '' : ` The scratch schema ${seen.scratch} may be left; the next rehearsal drops it.`
    return { ...ending, message: `${ending.message}${left} It could not be looked at afterwards: ${wordsOf(error)}` }
  }
}
