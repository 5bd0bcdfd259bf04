// A connection to a node: refused once another one is written, dead with its node, and behind the cluster at most once.
import { expect, it } from 'vitest'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { clusterLink } from './cluster-link.ts'
import { classify, failing, fakeLink, statusOf } from './fake-nodes.test-setup.ts'
import { readMark } from './mark.ts'
import { nodeTold } from './node-status.ts'
import { failureIn } from './connect-node.ts'
import { mysql } from '../mysql/mysql.ts'
import { writtenNode } from './written-node.ts'

const at = { host: 'a', port: 1 }
const other = { host: 'b', port: 1 }
const statement = { sql: 'SELECT 1', values: [] }

function scene(changed: Record<string, string> = {}, parts: Parameters<typeof fakeLink>[0] = {}) {
  const written = writtenNode()
  written.settle(at, at, '')
  const state = { status: statusOf('a', changed) }
  const catchUps = { count: 0 }
  const inner = fakeLink({ status: () => state.status, catchUps, ...parts })
  const link = clusterLink(inner, {
    at,
    told: nodeTold(state.status),
    written,
    classify: (error) => failureIn(mysql, error),
  })
  return { written, state, catchUps, link }
}

it('is dead once another node is written, and takes no statement', async () => {
  const { written, link } = scene()
  await link.query(statement)
  expect(link.isDead).toBe(false)
  written.settle(other, at, 'gone')
  expect(link.isDead).toBe(true)
  for (const use of [link.query(statement), link.begin(), link.ping()]) {
    await expect(use).rejects.toThrow('The connection is to a node that is not written any more.')
  }
})

it('ends a transaction that was begun before, and has the others wait for it', async () => {
  const { written, link } = scene()
  await link.begin()
  written.settle(other, at, 'desynced')
  expect(link.isDead).toBe(false)
  await link.run(statement)
  const { epoch } = written
  await link.commit()
  expect(written.epoch).toBe(epoch + 1)
  expect(link.isDead).toBe(true)
})

it('waits for the cluster once after each doubt, before a read or a transaction, and never inside one', async () => {
  const { written, catchUps, link } = scene()
  await link.query(statement)
  expect(catchUps.count).toBe(0)
  written.doubt()
  await link.query(statement)
  await link.query(statement)
  expect(catchUps.count).toBe(1)
  written.doubt()
  await link.begin()
  expect(catchUps.count).toBe(2)
  written.doubt()
  await link.query(statement)
  await link.rollback()
  expect(catchUps.count).toBe(2)
})

it('is ended after a statement that its node has turned away', async () => {
  let isDestroyed = false
  const { link } = scene(
    {},
    { query: () => Promise.reject(failing('not-in-cluster')), destroy: () => (isDestroyed = true) },
  )
  await expect(link.query(statement)).rejects.toThrow('not-in-cluster')
  await nextTurn()
  expect(isDestroyed).toBe(true)
})

it('looks at the health of its node in place of a ping', async () => {
  const { state, link } = scene()
  await link.ping()
  state.status = statusOf('a', { wsrep_local_state: '2' })
  await expect(link.ping()).rejects.toThrow('It is desynced')
  // One that was taken although it is set apart is not left for it.
  const apart = scene({ wsrep_local_state: '2' })
  await apart.link.ping()
  apart.state.status = statusOf('a', { wsrep_reject_queries: 'ALL' })
  await expect(apart.link.ping()).rejects.toThrow('It rejects queries')
})

it('marks a transaction with its node', async () => {
  const mark = readMark((await scene().link.mark()) ?? '')
  expect(mark).toEqual({ place: at, name: 'a', uuid: 'uuid-a', address: 'a:1', history: 'one', session: '7 here:1' })
  expect(readMark('7 here:1')).toBeNull()
  expect(classify(new Error('x')).kind).toBe('other')
})
