// A session is ended on the node that it is on: the same number on another node is somebody else's.
import { expect, it } from 'vitest'
import { fakeLink, statusOf } from '../galera/fake-nodes.test-setup.ts'
import { mysql } from '../mysql/mysql.ts'
import type { Aside } from './aside.ts'
import type { Link } from './link.ts'
import type { PooledLink } from './pooled-link.ts'
import { stopSession, stopSessions, stopStatement, type Stopping } from './stop-statement.ts'

const on = (node: string | null, session = '7'): Link =>
  fakeLink({ session, ...(node !== null && { status: () => statusOf(node) }) })

/** What was sent when the address of `mine` leads to `theirs`. */
async function sent(mine: Link, theirs: Link): Promise<string[]> {
  const said: string[] = []
  const aside: Pick<Aside, 'ask'> = {
    ask: (_role, _limit, work) =>
      work(({ sql }) => {
        said.push(sql)
        return Promise.resolve({ columns: [], rows: [] })
      }, theirs),
  }
  const stopping: Stopping = {
    dialect: mysql,
    aside: { ...aside, close: () => Promise.resolve() },
    classify: () => null,
    log: () => undefined,
  }
  const member = {
    ...{ link: mine, runningSince: 1, isGone: true, holder: null },
    ...{ ended: () => Promise.resolve(), lose: () => undefined },
  } as unknown as PooledLink
  await stopSession(mine, stopping)
  await stopSessions([member], 100, stopping)
  await stopStatement(member, stopping)
  return said
}

const ALL = ['KILL CONNECTION 7', 'KILL CONNECTION 7', 'KILL QUERY 7']

it('is told to stop where it is', async () => {
  expect(await sent(on('a'), on('a', '8'))).toEqual(ALL)
  expect(await sent(on(null), on(null, '8'))).toEqual(ALL)
})

it('leaves the session of the same number on another node alone', async () => {
  expect(await sent(on('a'), on('b', '8'))).toEqual([])
  expect(await sent(on('a'), on(null, '8'))).toEqual([])
})
