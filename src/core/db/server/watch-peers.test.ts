// A running statement is given up when its session is gone, and not because another node of the cluster was asked.
import { expect, it, vi } from 'vitest'
import { fakeLink, statusOf } from '../galera/fake-nodes.test-setup.ts'
import { mysql } from '../mysql/mysql.ts'
import type { Aside } from './aside.ts'
import { watchPeers } from './watch-peers.ts'

/** What becomes of a statement on `server`, when its address leads to a node that knows only the session that asks. */
async function lostOn(server: string | undefined, asked: string): Promise<boolean> {
  const lost = vi.fn()
  let isAsked = false
  const beside = fakeLink({ session: '8', status: () => statusOf(asked) })
  const ask: Aside['ask'] = (_role, _limit, work) =>
    work(({ values }) => Promise.resolve({ columns: [], rows: values[0] === 8n ? [['Query']] : [] }), beside).finally(
      () => (isAsked = true),
    )
  const statement = { key: {}, role: 'runtime' as const, session: '7', server, runningSince: Date.now() }
  const watch = watchPeers({
    dialect: mysql,
    aside: { ask, close: () => Promise.resolve() },
    watched: () => [{ ...statement, mayPause: false, lose: lost }],
    classify: () => null,
    onSilent: () => undefined,
    log: () => undefined,
  })
  watch.lookNow()
  await vi.waitUntil(() => isAsked)
  watch.close()
  return lost.mock.calls.length > 0
}

it('is lost where its own node does not know it', async () => {
  expect(await lostOn('a', 'a')).toBe(true)
  expect(await lostOn(undefined, 'a')).toBe(true)
})

it('goes on where another node was asked', async () => {
  expect(await lostOn('a', 'b')).toBe(false)
})
