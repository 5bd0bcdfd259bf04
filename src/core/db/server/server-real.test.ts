// Pool, cancelling, losing and closing on real servers. `VERIFY=full` runs the full counts; the figures go to the output.
import { readdirSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startProxy, type Proxy } from '../../../../scripts/servers/fault-proxy.ts'
import { startMariadb } from '../../../../scripts/servers/mariadb.ts'
import { startPostgres } from '../../../../scripts/servers/postgres.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import { failureOf } from '../failure-of.ts'
import type { Login } from './link.ts'
import { reconnecting } from '../reconnecting.test-setup.ts'
import { never, sql, timed } from './scripted-engine.test-setup.ts'
import { openServerDatabase, type ServerDatabase } from './server-database.ts'
import { serverDialects } from './server-dialects.ts'
import { sleep } from '../waiting.ts'

const isFull = process.env.VERIFY === 'full'

interface Words {
  start: () => Promise<TestServer>
  sleep: (seconds: number) => string
  me: string
  /** Sessions of the tests' own user, but for the asking one. */
  sessions: string
  running: string
  kill: (session: string) => string
}

const ENGINES: Record<'postgres' | 'mysql', Words> = {
  postgres: {
    start: () => startPostgres({ settings: { max_connections: '60' } }),
    sleep: (seconds) => `select pg_sleep(${seconds})`,
    me: 'select pg_backend_pid()::text',
    sessions: `select pid::text from pg_stat_activity where application_name = 'Roster'`,
    running: `select pid::text from pg_stat_activity where application_name = 'Roster' and state = 'active' and query like '%sleep%'`,
    kill: (session) => `select pg_terminate_backend(${session})`,
  },
  mysql: {
    start: () => startMariadb({ settings: { max_connections: '60' } }),
    sleep: (seconds) => `select sleep(${seconds})`,
    me: 'select cast(connection_id() as char)',
    sessions: `select id from information_schema.processlist where id <> connection_id() and command <> 'Daemon' and user <> 'system user'`,
    running: `select id from information_schema.processlist where id <> connection_id() and info like '%select sleep%'`,
    kill: (session) => `kill ${session}`,
  },
}

const median = (all: number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN
const report = (what: string, all: number[]) =>
  console.log(
    `FIGURE ${what}: n ${all.length}, median ${median(all).toFixed(0)} ms, worst ${Math.max(...all).toFixed(0)} ms`,
  )

async function until(is: () => Promise<boolean>, limit = 10_000): Promise<number> {
  const since = performance.now()
  while (!(await is())) {
    if (performance.now() - since > limit) throw new Error('It did not happen in time.')
    await sleep(10)
  }
  return performance.now() - since
}

describe.each(['postgres', 'mysql'] as const)('%s', (kind) => {
  const words = ENGINES[kind]
  let server: TestServer
  let proxy: Proxy

  beforeAll(async () => {
    server = await words.start()
    proxy = await startProxy({ host: server.host, port: server.port })
  }, 60_000)
  afterAll(async () => {
    await proxy.stop()
    await server.end()
  })

  const login = (port = server.port): Login => {
    const { host, user, password, database } = server
    return { host, port, user, password, database, tls: 'off', isReadOnly: false }
  }
  const opened: ServerDatabase[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()))
  })
  const openAt = (port: number, limit = 9, whenUsable = (): Promise<void> => Promise.resolve()) => {
    const database = openServerDatabase({
      dialect: serverDialects[kind],
      login: () => Promise.resolve(login(port)),
      schemaLogin: () => Promise.resolve(login(port)),
      poolSize: { limit, from: { kind: 'explicit' } },
      whenUsable,
      log: () => undefined,
    })
    opened.push(database)
    return database
  }
  const open = (limit = 9) => openAt(server.port, limit)
  const kept = (port: number) => reconnecting((whenUsable) => openAt(port, 9, whenUsable as () => Promise<void>))
  const first = async (database: ServerDatabase, text: string) =>
    String((await database.read(sql(text), never())).rows[0]?.[0])
  const sessions = async () => (await server.admin(words.sessions)).map(([id]) => String(id))

  test('200 operations at once: no session carries two, no transactions interleave', async () => {
    await server.admin('create table steps (n bigint, session varchar(40), op int, step int)')
    const database = open(9)
    let most = 0
    database.onPoolChange(() => {
      most = Math.max(most, database.pool()?.used ?? 0)
    })
    let n = 0
    const all = Array.from({ length: 200 }, async (_, op) => {
      if (op % 2 > 0) {
        expect(await first(database, `select ${op}`)).toBe(String(op))
        return
      }
      const connection = await database.takeForTransaction(never())
      await connection.begin()
      const session = String((await connection.query(sql(words.me))).rows[0]?.[0])
      for (const step of [1, 2, 3]) {
        n += 1
        await connection.run(sql(`insert into steps values (${n}, '${session}', ${op}, ${step})`))
        expect(String((await connection.query(sql(words.me))).rows[0]?.[0])).toBe(session)
      }
      await connection.commit()
      connection.release(false)
    })
    await Promise.all(all)
    const rows = await server.admin('select session, op, step from steps order by session, n')
    expect(rows).toHaveLength(300)
    const threes = Array.from({ length: 100 }, (_, at) => rows.slice(3 * at, 3 * at + 3))
    const mixed = threes.filter((three) => new Set(three.map(([session, op]) => `${session} ${op}`)).size > 1)
    const count = new Set(rows.map(([session]) => session)).size
    if (isFull)
      console.log(
        `FIGURE ${kind}: ${all.length} operations at once: at most ${most} connections in use, transactions on ${count} sessions, ${mixed.length} of ${threes.length} transactions interleaved`,
      )
    expect(mixed).toEqual([])
    for (const three of threes) {
      expect(three.map(([, , step]) => step)).toEqual(['1', '2', '3'])
    }
    expect(count).toBeLessThanOrEqual(9)
    expect(most).toBe(9)
    await database.close()
    await until(async () => (await sessions()).length === 0)
  })

  test('reads cannot write', async () => {
    const database = open(1)
    await server.admin('create table kept (n int)')
    const { error } = await timed(database.read(sql('insert into kept values (1)'), never()))
    expect(error).toMatchObject({ code: 'READ_ONLY' })
    expect(await server.admin('select * from kept')).toEqual([])
    await database.close()
  })

  test('cancelling takes effect on the server, and the connection is used again', async () => {
    const database = open(1)
    const session = await first(database, words.me)
    const times: number[] = []
    for (let at = 0; at < (isFull ? 50 : 8); at += 1) {
      const cancel = new AbortController()
      const reading = timed(database.read(sql(words.sleep(60)), cancel.signal))
      await until(async () => (await server.admin(words.running)).length === 1)
      const since = performance.now()
      cancel.abort(new Error('enough'))
      const { ms: freed } = { ms: (await reading, performance.now() - since) }
      expect(freed).toBeLessThan(100)
      await until(async () => (await server.admin(words.running)).length === 0)
      times.push(performance.now() - since)
    }
    report(`${kind}: cancelled on the server`, times)
    expect(Math.max(...times)).toBeLessThan(3_000)
    await until(() => Promise.resolve(database.pool()?.used === 0))
    expect(await first(database, words.me)).toBe(session)
    await database.close()
  })

  test('a cancellation that comes late meets nobody', async () => {
    const database = open(1)
    let wrong = 0
    for (let at = 0; at < (isFull ? 300 : 40); at += 1) {
      const cancel = new AbortController()
      const reading = database.read(sql(words.sleep(0.01)), cancel.signal).catch(() => null)
      // From well before the end to just after it.
      setTimeout(() => cancel.abort(new Error('enough')), 3 + (at % 10))
      await reading
      if ((await timed(first(database, words.sleep(0.002)))).error !== undefined) wrong += 1
    }
    expect(wrong).toBe(0)
    await database.close()
  })

  test('an aborted transaction ends on the server, and nothing of it is kept', async () => {
    const database = open(2)
    await server.admin('create table half (n int)')
    const cancel = new AbortController()
    const connection = await database.takeForTransaction(cancel.signal)
    await connection.begin()
    await connection.run(sql('insert into half values (1)'))
    const running = timed(connection.query(sql(words.sleep(60))))
    await until(async () => (await server.admin(words.running)).length === 1)
    cancel.abort(new Error('enough'))
    await running
    const { ms } = await timed(connection.rollback())
    expect(ms).toBeLessThan(3_000)
    connection.release(false)
    expect(await server.admin(words.running)).toEqual([])
    expect(await server.admin('select * from half')).toEqual([])
    await database.close()
  })

  test('killed sessions: idle ones are replaced, a read runs again, nobody notices', async () => {
    const { database, losses, close } = kept(server.port)
    await Promise.all([1, 2, 3].map(() => first(database, words.sleep(0.05))))
    const reading = timed(first(database, words.sleep(0.5)))
    await sleep(100)
    for (const session of await sessions()) await server.admin(words.kill(session)).catch(() => null)
    expect((await reading).error).toBeUndefined()
    const after = await Promise.all([1, 2, 3].map(() => timed(first(database, words.me))))
    expect(after.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
    expect(losses).toEqual([])
    await close()
  })

  test('too many connections: the pool goes on with what it has', async () => {
    const database = open(100)
    const all = await Promise.all(Array.from({ length: 90 }, () => timed(first(database, words.sleep(0.2)))))
    const failed = all.filter(({ error }) => error !== undefined)
    // In one line behind one connection, the last ones wait too long, and are told so.
    for (const { error } of failed) expect(error).toMatchObject({ data: { reason: 'busy' } })
    expect(all.length - failed.length).toBeGreaterThan(55)
    expect(database.pool()?.limit).toBe(1)
    await database.close()
    await until(async () => (await sessions()).length === 0)
  })

  test('schema work: takes a place, is ended on the server when aborted', async () => {
    const database = open(1)
    await first(database, words.me)
    const cancel = new AbortController()
    const schema = await database.schema(cancel.signal)
    expect(database.pool()).toMatchObject({ used: 1, idle: 0, holders: [{ use: 'migrations' }] })
    await until(async () => (await sessions()).length === 1)
    const running = timed(Promise.resolve(schema.knex.raw(words.sleep(60))))
    await until(async () => (await server.admin(words.running)).length === 1)
    const since = performance.now()
    cancel.abort(new Error('enough'))
    await running
    await until(async () => (await server.admin(words.running)).length === 0)
    expect(performance.now() - since).toBeLessThan(3_000)
    await schema.close()
    expect(database.pool()).toMatchObject({ used: 0 })
    await database.close()
  })

  test('a COMMIT whose answer was lost can be asked about', async () => {
    await server.admin('create table marks (n int)')
    const database = openAt(proxy.port)
    const connection = await database.takeForTransaction(never())
    await connection.begin()
    await connection.run(sql('insert into marks values (1)'))
    const mark = await connection.mark()
    await proxy.mode('drop-reply')
    const { error } = await timed(connection.commit())
    await proxy.mode('pass')
    expect(failureOf(error)?.kind).toBe('lost')
    connection.release(true)
    expect(await database.outcomeOf(mark, never())).toBe(kind === 'postgres' ? 'committed' : 'look')
    expect(await server.admin('select * from marks')).toHaveLength(1)
    await database.close()
  })

  test('closing with stuck queries takes at most 3 s and leaves no session', async () => {
    const database = open(9)
    const reading = timed(first(database, words.sleep(60)))
    const connection = await database.takeForTransaction(never())
    await connection.begin()
    const writing = timed(connection.query(sql(words.sleep(60))))
    await until(async () => (await server.admin(words.running)).length === 2)
    const { ms } = await timed(database.close())
    report(`${kind}: closed with stuck queries`, [ms])
    expect(ms).toBeLessThan(3_000)
    expect((await reading).error).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    expect((await writing).error).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    await until(async () => (await sessions()).length === 0, 1_000)
  })

  test('a network that is cut: noticed in at most 15 s, and what was held is no answer to something else', async () => {
    const { database, losses, close } = kept(proxy.port)
    await first(database, words.me)
    const connection = await database.takeForTransaction(never())
    await connection.begin()
    const running = timed(connection.query(sql(words.sleep(3))))
    await sleep(200)
    await proxy.mode('blackhole')
    const { ms, error } = await running
    report(`${kind}: cut network noticed`, [ms])
    expect(['no-answer', 'lost']).toContain(failureOf(error)?.kind)
    expect(ms).toBeLessThan(15_000)
    expect(losses).toEqual(['no-answer'])
    connection.release(true)
    await proxy.mode('pass')
    const back = await timed(first(database, words.me))
    expect(back.error).toBeUndefined()
    expect(back.ms).toBeLessThan(6_500)
    // What was held in the proxy must not be taken for an answer to something else.
    for (let at = 0; at < 20; at += 1) expect(await first(database, `select ${at}`)).toBe(String(at))
    await close()
  }, 60_000)

  test('a frozen server: noticed in at most 15 s, closing takes at most 3 s', async () => {
    const { database, losses, close } = kept(server.port)
    const reading = timed(database.read(sql(words.sleep(1)), AbortSignal.timeout(40_000)))
    await sleep(200)
    const since = performance.now()
    await server.pause()
    try {
      await until(() => Promise.resolve(losses.length > 0), 16_000)
      report(`${kind}: frozen server noticed`, [performance.now() - since])
      expect(performance.now() - since).toBeLessThan(15_000)
      const other = kept(server.port)
      const stuck = timed(first(other.database, words.me))
      await sleep(100)
      expect((await timed(other.close())).ms).toBeLessThan(3_000)
      await stuck
    } finally {
      await server.resume()
    }
    expect((await reading).error).toBeUndefined()
    expect((await timed(close())).ms).toBeLessThan(3_000)
    await until(async () => (await sessions()).length === 0)
  }, 60_000)

  test('an honest long read survives being looked at', async () => {
    const { database, losses, close } = kept(server.port)
    const { error } = await timed(first(database, words.sleep(isFull ? 40 : 16)))
    expect(error).toBeUndefined()
    expect(losses).toEqual([])
    await close()
  }, 60_000)

  test('a restarted server: first success at most 1 s median, 3 s worst, after it takes writes', async () => {
    const { database, losses, close } = kept(server.port)
    await server.admin('create table back (n int)')
    const times: number[] = []
    for (let at = 0; at < (isFull ? 20 : 3); at += 1) {
      await first(database, words.me)
      let isOver = false
      let succeeded = 0
      // What a page does: it asks again and again.
      const asking = (async () => {
        while (!isOver) {
          await database.read(sql(words.me), AbortSignal.timeout(30_000)).catch(() => null)
          succeeded = performance.now()
          await sleep(20)
        }
      })()
      await sleep(100)
      if (at % 2 === 0) await server.kill()
      else await server.stop()
      const down = performance.now()
      await sleep(500 + ((at * 377) % 2_000))
      const restarting = server.restart()
      await until(() =>
        server.admin(`insert into back values (${at})`).then(
          () => true,
          () => false,
        ),
      )
      const writable = performance.now()
      await restarting
      await until(() => Promise.resolve(succeeded > down), 20_000)
      times.push(Math.max(0, succeeded - writable))
      isOver = true
      await asking
    }
    report(`${kind}: back after a restart`, times)
    expect(median(times)).toBeLessThan(1_000)
    expect(Math.max(...times)).toBeLessThan(3_000)
    expect(losses).toHaveLength(times.length)
    await close()
  }, 240_000)

  test('connect, fault, disconnect, again and again: no session, socket, file or timer is left', async () => {
    const left = () => {
      const active = process.getActiveResourcesInfo()
      const count = (name: string) => active.filter((each) => each.includes(name)).length
      const files = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
      return { sockets: count('TCP'), timers: count('Timeout'), files }
    }
    const cycles = isFull ? 1_000 : 60
    await until(async () => (await sessions()).length === 0)
    await sleep(300)
    const before = left()
    let answered = 0
    for (let at = 0; at < cycles; at += 1) {
      const database = openAt(proxy.port, 3)
      const cancel = new AbortController()
      const reads = [words.sleep(0.005), words.me, words.me].map((text) =>
        timed(database.read(sql(text), AbortSignal.any([cancel.signal, AbortSignal.timeout(4_000)]))),
      )
      await sleep(at % 13)
      if (at % 6 === 1) for (const link of proxy.connections) link.reset()
      if (at % 6 === 2) for (const link of proxy.connections) link.cut()
      if (at % 6 === 3) cancel.abort(new Error('enough'))
      if (at % 6 === 4) for (const session of await sessions()) await server.admin(words.kill(session)).catch(() => 0)
      if (at % 50 === 5) await proxy.mode('blackhole')
      if (at % 3 === 0) await Promise.all(reads)
      const { ms } = await timed(database.close())
      expect(ms).toBeLessThan(3_000)
      await proxy.mode('pass')
      for (const { error } of await Promise.all(reads)) if (error === undefined) answered += 1
    }
    await until(() => Promise.resolve(proxy.connections.size === 0))
    await until(async () => (await sessions()).length === 0)
    await sleep(1_500)
    const after = left()
    console.log(
      `FIGURE ${kind}: ${cycles} cycles, ${answered} of ${cycles * 3} reads answered, ${JSON.stringify({ before, after })}`,
    )
    expect(answered).toBeGreaterThan(cycles / 2)
    expect(after.sockets).toBeLessThanOrEqual(before.sockets)
    expect(after.timers).toBeLessThanOrEqual(before.timers)
    expect(after.files).toBeLessThanOrEqual(before.files)
  }, 600_000)
})
