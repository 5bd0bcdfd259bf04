// The transaction runner on every engine: what the database undid is run again whole, what failed is rolled back whole, and a
// session is left as it was found.
import { afterEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine, type Opened } from '../tables/engines.test-setup.ts'
import { createHeadlessHost } from '../../headless/host.ts'
import type { Database, Session, Statement, TransactionConnection } from './database.ts'
import { withFailure } from './failure-of.ts'
import type { FailureKind } from './failure.ts'
import { makeFile, makeFolder, openForTest, readFile } from './sqlite/sqlite.test-setup.ts'
import { inTransaction, runTransaction } from './transaction.ts'

const never = new AbortController().signal
const run = (session: Session, sql: string) => session.run({ sql, values: [] })

describeOnEachEngine('a transaction', (engine) => {
  let opened: Opened
  afterEach(() => opened.close())
  const numbers = async (setup = '') => {
    opened = await engine.open(`create table t (v integer primary key); insert into t values (1), (2); ${setup}`)
  }
  const stored = async () => (await opened.sql('select v from t order by v')).map(([v]) => Number(v))

  it('is rolled back whole after a statement that failed, also when the work goes on', async () => {
    await numbers()
    const failing = inTransaction(opened.database, never, async (session) => {
      await run(session, 'insert into t values (3)')
      await run(session, 'insert into t values (1)').catch(() => undefined)
      await run(session, 'insert into t values (4)').catch(() => undefined)
      await session.query({ sql: 'select 1', values: [] }).catch(() => undefined)
    })
    const error: unknown = await failing.catch((reason: unknown) => reason)
    expect(opened.database.constraint(error)?.kind).toBe('unique')
    await inTransaction(opened.database, never, (session) => run(session, 'insert into t values (5)'))
    expect(await stored()).toEqual([1, 2, 5])
  })

  it('is rolled back when it is given up, and the next one starts clean', async () => {
    await numbers()
    const cancel = new AbortController()
    const stopped = inTransaction(opened.database, cancel.signal, async (session) => {
      await run(session, 'insert into t values (3)')
      cancel.abort()
      await run(session, 'insert into t values (4)')
    })
    expect(await stopped.catch((reason: unknown) => reason)).toBe(cancel.signal.reason)
    await inTransaction(opened.database, never, (session) => run(session, 'insert into t values (5)'))
    expect(await stored()).toEqual([1, 2, 5])
  })

  it.runIf(engine.server)('runs again whole after a deadlock', async () => {
    await numbers()
    const runs: [number, number] = [0, 0]
    let holding = 0
    const both = Promise.withResolvers<undefined>()
    const ended = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const
    const work = (own: 0 | 1) => async (session: Session) => {
      runs[own] += 1
      // The one that was undone comes back when the other is through: it could take its row again before that one has it.
      if (runs[own] > 1) await ended[own === 0 ? 1 : 0].promise
      await run(session, `update t set v = v + ${10 * (own + 1)} where v = ${own + 1}`)
      await run(session, `insert into t values (${100 + own})`)
      // The first time both hold their first row before either asks for the other's.
      if ((holding += 1) === 2) both.resolve(undefined)
      await both.promise
      await run(session, `update t set v = v + ${30 * (own + 1)} where v = ${2 - own}`)
      return own
    }
    const one = (own: 0 | 1) =>
      inTransaction(opened.database, never, work(own)).finally(() => ended[own].resolve(undefined))
    const results = await Promise.all([one(0), one(1)])
    expect(results).toEqual([0, 1])
    expect(runs.reduce((a, b) => a + b)).toBe(3)
    expect((await stored()).slice(-2)).toEqual([100, 101])
  })

  it.runIf(engine.dialect === 'postgres')('runs again whole after a serialization failure at COMMIT', async () => {
    await numbers(
      "do $$ begin execute format('alter database %I set default_transaction_isolation = serializable', current_database()); end $$;",
    )
    let runs = 0
    const met = Promise.withResolvers<undefined>()
    // Each counts the rows and adds one of that number: one after the other, they cannot add the same.
    const work = async (session: Session) => {
      runs += 1
      const { rows } = await session.query({ sql: 'select count(*) from t', values: [] })
      const count = Number(rows[0]?.[0])
      if (runs === 2) met.resolve(undefined)
      await met.promise
      await run(session, `insert into t values (${count * 10 + runs})`)
      return count
    }
    const counts = await Promise.all([
      inTransaction(opened.database, never, work),
      inTransaction(opened.database, never, work),
    ])
    expect(counts.sort()).toEqual([2, 3])
    expect(runs).toBe(3)
    expect(await stored()).toHaveLength(4)
  })

  it.runIf(engine.server)('says who is in the way when a lock is not given twice', { timeout: 40_000 }, async () => {
    await numbers()
    const other = await opened.database.takeForTransaction(never)
    await other.begin()
    await other.run({ sql: 'update t set v = 9 where v = 1', values: [] })
    let runs = 0
    const waiting = inTransaction(opened.database, never, async (session) => {
      runs += 1
      await run(session, 'update t set v = 8 where v = 1')
    })
    await expect(waiting).rejects.toThrow(
      'Another session holds a lock on these rows. Tried 2 times; nothing was saved.',
    )
    expect(runs).toBe(2)
    await other.rollback()
    other.release(false)
    expect(await stored()).toEqual([1, 2])
  })
})

/** A real connection to a real file, of which one answer is put in place of the file's own. */
function troubled(
  database: Database,
  trouble: Partial<Record<keyof TransactionConnection, (nth: number) => Error | null>>,
) {
  const counts: Record<string, number> = {}
  const rolledBack = { times: 0 }
  const wrapped: Database = {
    ...database,
    async takeForTransaction(signal) {
      const real = await database.takeForTransaction(signal)
      const troubling =
        <A extends unknown[], R>(name: keyof TransactionConnection, act: (...args: A) => Promise<R>) =>
        (...args: A): Promise<R> => {
          counts[name] = (counts[name] ?? 0) + 1
          const error = trouble[name]?.(counts[name]) ?? null
          return error ? Promise.reject(error) : act(...args)
        }
      return {
        ...real,
        run: troubling('run', (statement: Statement) => real.run(statement)),
        commit: troubling('commit', () => real.commit()),
        rollback: troubling('rollback', () => {
          rolledBack.times += 1
          return real.rollback()
        }),
      }
    },
  }
  return { wrapped, rolledBack }
}

const failed = (kind: FailureKind) =>
  withFailure(new Error(`It is ${kind}.`), { kind, code: 'X', message: `It is ${kind}.` })

describe('what the database says decides', () => {
  const open = () => {
    const folder = makeFolder()
    const file = makeFile(`${folder}/a.db`, 'CREATE TABLE t (v)')
    const host = createHeadlessHost({ version: 'test', dataFolder: folder })
    return { database: openForTest(host, { file }), stored: () => readFile(file, 'SELECT v FROM t').map(([v]) => v) }
  }

  it.each<[FailureKind, 'run' | 'commit', number]>([
    ['busy-snapshot', 'run', 6],
    ['deadlock', 'run', 6],
    ['serialization', 'commit', 6],
    ['deadlock', 'commit', 6],
    ['lost', 'run', 6],
    ['not-in-cluster', 'run', 6],
    ['lock-timeout', 'run', 2],
    ['constraint', 'run', 1],
    ['busy', 'run', 1],
    ['timeout', 'run', 1],
    ['resources', 'commit', 1],
  ])('%s at %s: runs %i times at most, and nothing is saved', async (kind, where, most) => {
    const { database, stored } = open()
    const { wrapped, rolledBack } = troubled(database, { [where]: () => failed(kind) })
    let runs = 0
    const failing = inTransaction(wrapped, never, async (session) => {
      runs += 1
      await session.run({ sql: 'INSERT INTO t VALUES (1)', values: [] })
    })
    await expect(failing).rejects.toThrow(`It is ${kind}.`)
    expect(runs).toBe(most)
    expect(rolledBack.times).toBe(most)
    expect(stored()).toEqual([])
  })

  it('a transaction that was undone twice is saved once', async () => {
    const { database, stored } = open()
    const { wrapped } = troubled(database, { run: (nth) => (nth <= 2 ? failed('deadlock') : null) })
    await inTransaction(wrapped, never, (session) => session.run({ sql: 'INSERT INTO t VALUES (1)', values: [] }))
    expect(stored()).toEqual([1n])
  })

  it('an abort ends the pause before the next run', async () => {
    const { database } = open()
    const { wrapped } = troubled(database, { run: () => failed('deadlock') })
    const cancel = new AbortController()
    let runs = 0
    const stopped = inTransaction(wrapped, cancel.signal, async (session) => {
      runs += 1
      if (runs === 3) setTimeout(() => cancel.abort(), 0)
      await session.run({ sql: 'INSERT INTO t VALUES (1)', values: [] })
    })
    expect(await stopped.catch((reason: unknown) => reason)).toBe(cancel.signal.reason)
    expect(runs).toBe(3)
  })

  it('an abort during COMMIT comes too late: what the database answers is told', async () => {
    const { database, stored } = open()
    const cancel = new AbortController()
    const slow: Database = {
      ...database,
      async takeForTransaction() {
        const real = await database.takeForTransaction(never)
        const commit = async () => {
          cancel.abort()
          await new Promise((resolve) => setTimeout(resolve, 20))
          await real.commit()
        }
        return { ...real, commit }
      },
    }
    const insert = (session: Session) => session.run({ sql: 'INSERT INTO t VALUES (1)', values: [] })
    expect(await inTransaction(slow, cancel.signal, insert)).toMatchObject({ changes: 1 })
    expect(stored()).toEqual([1n])
  })

  it('a COMMIT that fails is believed only from a connection that lives on', async () => {
    const { database, stored } = open()
    // COMMIT has worked, but what comes back is some error, and nothing after it.
    const lost: Database = {
      ...database,
      async takeForTransaction(signal) {
        const real = await database.takeForTransaction(signal)
        return {
          ...real,
          commit: () => real.commit().then(() => Promise.reject(new Error('Some words.'))),
          rollback: () => Promise.reject(new Error('The connection is gone.')),
        }
      },
    }
    const insert = (session: Session) => session.run({ sql: 'INSERT INTO t VALUES (1)', values: [] })
    const ending = await runTransaction(lost, never, insert)
    expect(ending.state).toBe('look')
    expect(stored()).toEqual([1n])
    const looks = [true, false, null].map((found) =>
      inTransaction(lost, never, insert, { look: () => Promise.resolve(found) }).then(
        () => 'saved',
        (error: unknown) => (error as { code: string }).code,
      ),
    )
    expect(await Promise.all(looks)).toEqual(['saved', 'INTERRUPTED', 'OUTCOME_UNKNOWN'])
  })

  it.each([
    ['committed', { state: 'committed', result: 7, wasInterrupted: true }],
    ['rolled-back', { state: 'rolled-back' }],
    ['unknown', { state: 'unknown', mark: 'the mark' }],
  ] as const)('an unanswered COMMIT is %s when the database says so of the mark', async (said, expected) => {
    const { database } = open()
    const asked: (string | null)[] = []
    const marked: Database = {
      ...database,
      outcomeOf: (mark) => {
        asked.push(mark)
        return Promise.resolve(said)
      },
      async takeForTransaction(signal) {
        const real = await database.takeForTransaction(signal)
        return { ...real, mark: () => Promise.resolve('the mark'), commit: () => Promise.reject(failed('lost')) }
      },
    }
    expect(await runTransaction(marked, never, () => Promise.resolve(7))).toMatchObject(expected)
    expect(asked).toEqual(['the mark'])
  })
})
