// Whatever a person does with a table, in whatever order: what the page shows and stages is what they did, a save does all of it
// or nothing, nobody's work is overwritten, and the database holds what was acknowledged. `VERIFY=full`: 5,000 runs.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeOnEachEngine, type Engine, type Opened } from '../../src/core/tables/engines.test-setup.ts'
import type { HostProcess } from '../../src/core/host.ts'
import type { Api } from '../../src/shared/contract.ts'
import { keepMine, takeTheirs } from '../../src/renderer/tables/conflict-decisions.ts'
import { changeStaged } from '../../src/renderer/tables/staged-edits.ts'
import { save } from '../../src/renderer/tables/table-save.ts'
import { COLUMNS, Person, type ColumnName, type Rows } from './person.ts'
import { FILTERS, Screen, SORTS, storedRows, TABLE } from './screen.ts'

const link = vi.hoisted((): { api: Api | null; calls: number } => {
  // A page that is seen, without anything to draw on.
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible', querySelector: () => null })
  Object.assign(globalThis, { document, window: new EventTarget() })
  return { api: null, calls: 0 }
})

/** The same calls; those under way are counted. */
function counted(of: () => object): object {
  return new Proxy(() => undefined, {
    get: (_, name) => counted(() => Reflect.get(of(), name) as object),
    apply: async (_, __, args: unknown[]) => {
      link.calls += 1
      try {
        return await (of() as (...all: unknown[]) => Promise<unknown>)(...args)
      } finally {
        link.calls -= 1
      }
    },
  })
}
// The page's only door to the host; here it leads straight into a core of this process.
vi.mock('../../src/renderer/api.ts', () => ({
  api: counted(() => link.api ?? {}),
  linkState: () => ({ state: 'open' }),
  onLinkState: () => () => undefined,
  isLinkLost: () => false,
}))
vi.mock('../../src/renderer/ui/page-id.ts', () => ({ pageId: crypto.randomUUID(), pageBefore: null }))

const IS_FULL = process.env.VERIFY === 'full'
/** Over all engines 5,000 in full. */
const RUNS = IS_FULL ? { sqlite: 1_000, postgres: 2_000, mysql: 2_000 } : { sqlite: 12, postgres: 6, mysql: 6 }
const STEPS = 60
const SEED = IS_FULL ? Date.now() % 2 ** 31 : 6

/** Emails that are there at first; some more to change them to, so that clashes and exchanges happen by themselves. */
const EMAILS = Array.from('abcdefgh', (letter) => `${letter}@x.org`)
const TYPED: Record<ColumnName, (string | null)[]> = {
  email: [...EMAILS, 'i@x.org', 'j@x.org', 'k@x.org', null],
  nick: ['', 'Otto', 'ada', 'ÖZLEM', '5', null],
  score: ['0', '2', '-7', '9007199254740993', null],
}

type Step =
  | { do: 'edit'; line: number; column: ColumnName; text: string | null }
  | { do: 'restore'; line: number; column: ColumnName }
  | { do: 'delete' | 'drop'; line: number }
  | { do: 'new' | 'undo' | 'redo' | 'discard' | 'reload' | 'reconnect' | 'take-back' }
  | { do: 'exchange'; line: number; with: number }
  | { do: 'sort'; sort: number }
  | { do: 'filter'; filter: number }
  | { do: 'elsewhere'; row: number; column: ColumnName; text: string | null }
  | { do: 'elsewhere-delete'; row: number }
  | { do: 'save'; keepsMine: boolean[] }

const line = fc.nat({ max: 11 })
const typed = fc
  .constantFrom(...COLUMNS)
  .chain((column) => fc.record({ column: fc.constant(column), text: fc.constantFrom(...TYPED[column]) }))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(line, typed).map(([at, what]): Step => ({ do: 'edit', line: at, ...what })) },
  {
    weight: 2,
    arbitrary: fc.tuple(line, line).map(([at, other]): Step => ({ do: 'exchange', line: at, with: other })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(line, fc.constantFrom(...COLUMNS))
      .map(([at, column]): Step => ({ do: 'restore', line: at, column })),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom('delete', 'drop'), line).map(([what, at]): Step => ({ do: what, line: at })),
  },
  {
    weight: 9,
    arbitrary: fc.constantFrom<Step>(
      ...(['new', 'undo', 'undo', 'redo', 'discard', 'reload', 'reconnect'] as const).map((what) => ({
        do: what,
      })),
    ),
  },
  { weight: 3, arbitrary: fc.nat({ max: SORTS.length - 1 }).map((sort): Step => ({ do: 'sort', sort })) },
  { weight: 3, arbitrary: fc.nat({ max: FILTERS.length - 1 }).map((filter): Step => ({ do: 'filter', filter })) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat({ max: 7 }), typed).map(([row, what]): Step => ({ do: 'elsewhere', row, ...what })),
  },
  { weight: 1, arbitrary: fc.nat({ max: 7 }).map((row): Step => ({ do: 'elsewhere-delete', row })) },
  {
    weight: 5,
    arbitrary: fc
      .array(fc.boolean(), { minLength: 8, maxLength: 8 })
      .map((keepsMine): Step => ({ do: 'save', keepsMine })),
  },
)

describeOnEachEngine('a person and a table', (engine) => {
  let opened: Opened
  const processes = new Set<HostProcess>()

  beforeAll(async () => {
    opened = await engine.open(setup(engine), {
      host: (host) => ({
        ...host,
        spawn(entry) {
          const process = host.spawn(entry)
          processes.add(process)
          return process
        },
      }),
    })
    link.api = opened.api
  })
  afterAll(() => opened.close())

  it('agree, whatever is done', { timeout: IS_FULL ? 7_200_000 : 60_000 }, async () => {
    let saves = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: STEPS, size: 'max' }), async (steps) => {
        await opened.sql(fill(engine))
        const run = new Run(engine, opened, await Screen.open(opened, () => link.calls), processes)
        try {
          for (const each of steps) await run.take(each)
          await run.take({ do: 'save', keepsMine: [] })
          saves += run.saves
        } finally {
          run.screen.close()
        }
      }),
      { numRuns: RUNS[engine.dialect], seed: SEED, endOnFailure: IS_FULL },
    )
    if (IS_FULL) {
      console.log(
        `FIGURE a person and a table on ${engine.dialect}: ${RUNS[engine.dialect]} runs of up to ${STEPS} steps, ${saves} saves, seed ${SEED}`,
      )
    }
    expect(saves).toBeGreaterThan(0)
  })
})

const setup = (engine: Engine) =>
  `create table person (id ${engine.pick({ sqlite: 'integer primary key autoincrement', postgres: 'integer generated by default as identity primary key', mysql: 'int auto_increment primary key' })},
   email varchar(80) not null unique, nick varchar(40), score bigint);
   create index person_nick on person (nick); create index person_score on person (score);`

const fill = (engine: Engine) =>
  `delete from person; ${engine.pick({ sqlite: '', postgres: 'alter table person alter id restart with 9;', mysql: 'alter table person auto_increment = 9;' })}` +
  `insert into person (id, email, nick, score) values ${EMAILS.map(
    (email, index) =>
      `(${index + 1}, '${email}', ${['null', `''`, `'Otto'`, `'otto'`][index % 4]}, ${['null', '2', '2', '-7', '0'][index % 5]})`,
  ).join(', ')};`

class Run {
  readonly screen: Screen
  saves = 0
  readonly #engine: Engine
  readonly #opened: Opened
  readonly #processes: Set<HostProcess>
  readonly #person = new Person()
  /** Somebody else has changed rows since the page read them: what it shows may be old. */
  #isOld = false

  constructor(engine: Engine, opened: Opened, screen: Screen, processes: Set<HostProcess>) {
    this.#engine = engine
    this.#opened = opened
    this.screen = screen
    this.#processes = processes
  }

  async take(step: Step): Promise<void> {
    await this.#perform(step)
    await this.screen.settled()
    await this.#check()
  }

  async #perform(step: Step): Promise<void> {
    const { screen } = this
    const person = this.#person
    switch (step.do) {
      case 'edit':
        return this.#edit(step.line, step.column, step.text)
      case 'exchange': {
        const [one, other] = [screen.line(step.line), screen.line(step.with)]
        if (!one?.seen || !other?.seen || one.name === other.name) return
        await this.#edit(step.line, 'email', String(other.seen.row.email))
        return this.#edit(step.with, 'email', String(one.seen.row.email))
      }
      case 'restore': {
        const at = screen.line(step.line)
        if (!at) return
        screen.restoreCell(at.name, step.column)
        return person.restoreCell(at.name, step.column)
      }
      case 'delete': {
        const at = screen.line(step.line)
        if (!at) return
        await screen.toggleDeleted(step.line)
        return person.toggleDeleted(at.name, at.seen)
      }
      case 'drop': {
        const at = screen.line(step.line)
        if (!at) return
        screen.drop(at.name)
        return person.drop(at.name)
      }
      case 'new':
        return person.add(await screen.add())
      case 'undo':
        screen.undo()
        return person.undo()
      case 'redo':
        screen.redo()
        return person.redo()
      case 'discard':
        screen.discard()
        return person.discard()
      case 'sort':
        screen.sort(SORTS[step.sort] ?? null)
        return void (this.#isOld = false)
      case 'filter':
        screen.filter(step.filter)
        return void (this.#isOld = false)
      case 'reload':
        screen.model.reload()
        return void (this.#isOld = false)
      case 'reconnect':
        await this.#loseConnections()
        screen.model.reload()
        return void (this.#isOld = false)
      case 'elsewhere':
      case 'elsewhere-delete':
        return this.#elsewhere(step)
      case 'save':
        return this.#save(step.keepsMine)
      case 'take-back':
        return this.#takeBack()
    }
  }

  async #edit(index: number, column: ColumnName, text: string | null): Promise<void> {
    const at = this.screen.line(index)
    if (!at) return
    await this.screen.edit(index, column, text)
    // A column that is NOT NULL takes no NULL, and a row that is to be deleted takes nothing.
    if (text === null && column === 'email') return
    const value = text === null ? null : column === 'score' ? BigInt(text) : text
    this.#person.edit(at.name, at.seen, column, value)
  }

  /** Ends whatever Roster has open, as a network or a system does. */
  async #loseConnections(): Promise<void> {
    const sql = this.#engine.pick({
      sqlite: '',
      postgres: `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'Roster' and datname = current_database()`,
      mysql: `begin not atomic for t in (select id from information_schema.processlist where id <> connection_id() and db = database())
        do begin declare continue handler for 1094 begin end; execute immediate concat('kill connection ', t.id); end; end for; end`,
    })
    if (sql !== '') return void (await this.#opened.sql(sql))
    for (const process of this.#processes) process.kill()
    this.#processes.clear()
  }

  async #elsewhere(step: Extract<Step, { do: 'elsewhere' | 'elsewhere-delete' }>): Promise<void> {
    const id = [...(await storedRows(this.#opened)).keys()][step.row]
    if (id === undefined) return
    this.#isOld = true
    if (step.do === 'elsewhere-delete') return void (await this.#opened.sql(`delete from person where id = ${id}`))
    const value = step.text === null ? 'null' : step.column === 'score' ? step.text : `'${step.text}'`
    try {
      await this.#opened.sql(`update person set ${step.column} = ${value} where id = ${id}`)
    } catch {
      // What the table itself refuses did not happen.
    }
  }

  async #save(keepsMine: readonly boolean[]): Promise<void> {
    const { screen } = this
    const person = this.#person
    const before = await storedRows(this.#opened)
    const verdict = person.verdict(before)
    const isAnything = person.staged.size > 0
    await save(screen.model)
    await screen.settled()
    const after = await storedRows(this.#opened)
    if (!isAnything) return expect(after).toEqual(before)
    if ('saved' in verdict) {
      expect(screen.model.state.notice?.text, 'the save').toMatch(/^Saved /)
      expect(withoutNewIds(after, before)).toEqual(withoutNewIds(verdict.saved, before))
      this.saves += 1
      return person.wasSaved(before, after)
    }
    expect(after, `refused: ${verdict.refused.join()}`).toEqual(before)
    const conflicts = screen.model.state.conflicts
    if (conflicts === null) {
      // What is missing or taken is told before conflicts are looked for, or instead.
      expect(verdict.refused).toEqual(expect.arrayContaining([expect.stringMatching(/missing|duplicate/)]))
      return
    }
    expect(verdict.refused).toContain('conflict')
    expect(conflicts.map(({ changeId }) => changeId).sort()).toEqual([...verdict.conflicts].sort())
    conflicts.forEach((conflict, index) => {
      const theirs = before.get(conflict.key[0] as bigint)
      expect(conflict.isGone).toBe(theirs === undefined)
      const isMine = keepsMine[index % keepsMine.length] === true && theirs !== undefined
      changeStaged(this.#opened.profileId, TABLE, (staged) =>
        isMine ? keepMine(staged, conflict) : takeTheirs(staged, conflict),
      )
      if (isMine) person.keepMine(conflict.changeId, theirs)
      else person.takeTheirs(conflict.changeId, theirs)
    })
    screen.model.set({ conflicts: null })
    screen.model.reload()
    this.#isOld = false
  }

  async #takeBack(): Promise<void> {
    const { profileId } = this.#opened
    const before = await storedRows(this.#opened)
    const expected = this.#person.takingBack(before)
    const { api } = this.#opened
    const batches = await api.tables.saves({ profileId, table: TABLE })
    const last = batches.find(({ refusal }) => refusal === null)
    // Saves of the run before are known, too: they are of rows that were filled in anew.
    if (expected === undefined || !last) return
    const isDone = await api.tables.revert({ profileId, saveId: last.id }).then(
      () => true,
      () => false,
    )
    const after = await storedRows(this.#opened)
    expect(isDone, 'taking back').toBe(expected !== null)
    expect(after).toEqual(expected ?? before)
    if (isDone) this.#person.wasTakenBack(before, after)
    this.screen.model.reload()
    this.#isOld = false
  }

  async #check(): Promise<void> {
    const { screen } = this
    const staged = screen.staged()
    expect(
      staged.map((change) => [
        change.id,
        change.kind === 'insert'
          ? { kind: 'insert', values: change.values }
          : { ...change, id: change.key[0], key: undefined },
      ]),
    ).toEqual(
      Array.from(this.#person.staged, ([name, entry]) => [
        name,
        // The guards of a delete hold the key as well.
        entry.kind === 'delete' ? { ...entry, original: { id: entry.id, ...entry.original } } : entry,
      ]),
    )
    const news = staged.filter(({ kind }) => kind === 'insert').map(({ id }) => id)
    expect(screen.model.newIds()).toEqual(news.reverse())
    if (this.#isOld) return
    const expected = await screen.expected()
    expect(screen.lineCount).toBe(news.length + expected.length)
    expected.forEach((row, index) => {
      const at = screen.line(news.length + index)
      const [email, nick, score] = COLUMNS.map((column) => at?.seen?.row[column] ?? 'NULL')
      expect([at?.seen?.id, email, nick, score].map(String)).toEqual(row)
      const entry = this.#person.staged.get(at?.name ?? '')
      const values = entry?.kind === 'update' ? entry.values : {}
      const shown = [
        at?.seen?.id,
        ...COLUMNS.map((column) => (column in values ? values[column] : at?.seen?.row[column])),
      ]
      expect(screen.shown(news.length + index)).toEqual(shown)
    })
  }
}

/** New rows have the ids that the database gave them: only what they hold can be compared. */
function withoutNewIds(rows: Rows, before: Rows) {
  const old = Array.from(rows).filter(([id]) => before.has(id))
  const fresh = Array.from(rows).filter(([id]) => !before.has(id))
  return { old, fresh: fresh.map(([, row]) => row).sort((a, b) => String(a.email).localeCompare(String(b.email))) }
}
