// Which node is taken, in which order they are asked, and what is said when none is fit.
import { expect, it } from 'vitest'
import { decide } from '../decide.ts'
import { failureOf } from '../failure-of.ts'
import { causeOf } from '../failure-words.ts'
import { connectNode } from './connect-node.ts'
import { fakeNodes, type FakeNode, type FakeNodes } from './fake-nodes.test-setup.ts'
import { writtenNode, type WrittenNode } from './written-node.ts'

const options = (limit = 5_000) => ({ signal: new AbortController().signal, onPhase: () => undefined, limit })

const connect = (fake: FakeNodes, written: WrittenNode = writtenNode(), limit?: number) =>
  connectNode({ inner: fake.dialect, written }, fake.login, options(limit))

const rejected = (promise: Promise<unknown>) =>
  promise.then(
    () => new Error('It did not fail.'),
    (error: unknown) => error,
  )

it.each<[Record<string, FakeNode>, string, string[], string | undefined]>([
  [{ a: 'synced', b: 'synced', c: 'synced' }, 'a', ['a'], undefined],
  [{ a: 'refused', b: 'synced', c: 'synced' }, 'b', ['a', 'b'], 'Nothing listens there.'],
  [
    { a: 'cut off', b: 'tls', c: 'synced' },
    'c',
    ['a', 'b', 'c'],
    'It is out of the cluster (non-Primary): it has lost the majority.',
  ],
  [{ a: 'too-many-connections', b: 'synced' }, 'b', ['a', 'b'], 'It has no free connection.'],
  [
    { a: 'desynced', b: 'synced', c: 'synced' },
    'b',
    ['a', 'b'],
    'It is desynced: it gives its state to another node, or was set apart for a backup.',
  ],
  [{ a: 'desynced', b: 'cut off', c: 'refused' }, 'a', ['a', 'b', 'c'], undefined],
  [{ a: 'plain' }, 'a', ['a'], undefined],
])('takes the first that is fit: %o', async (nodes, taken, asked, why) => {
  const fake = fakeNodes(nodes)
  const written = writtenNode()
  const found = await connect(fake, written)
  expect(found.place.host).toBe(taken)
  expect(fake.asked).toEqual(asked)
  expect(fake.open).toEqual([taken])
  expect(written.moves[0]?.why).toBe(why)
  expect(written.epoch).toBe(why === undefined ? 0 : 1)
})

it('asks the next one while the first is silent, and says that it is', async () => {
  const fake = fakeNodes({ a: 'silent', b: 'synced', c: 'synced' })
  const written = writtenNode()
  expect((await connect(fake, written, 300)).place.host).toBe('b')
  expect(written.moves[0]).toMatchObject({ from: 'a:1', why: 'It does not answer.' })
})

it('stays with the node that is written, whatever the order, until it is not fit', async () => {
  const fake = fakeNodes({ a: 'refused', b: 'synced', c: 'synced' })
  const written = writtenNode()
  await connect(fake, written)
  fake.nodes.a = 'synced'
  fake.asked = []
  expect((await connect(fake, written)).place.host).toBe('b')
  expect(fake.asked).toEqual(['b'])
  fake.nodes.b = 'cut off'
  expect((await connect(fake, written)).place.host).toBe('a')
  expect(written.moves.map(({ from, to }) => `${from}-${to}`)).toEqual(['b-a', 'a:1-b'])
})

it.each(['authentication', 'no-database', 'unsafe', 'host-key'] as const)(
  'asks no second node after %s',
  async (kind) => {
    const fake = fakeNodes({ a: kind, b: 'synced' })
    expect(failureOf(await rejected(connect(fake)))?.kind).toBe(kind)
    expect(fake.asked).toEqual(['a'])
  },
)

it('stays with a written node that is only full', async () => {
  const fake = fakeNodes({ a: 'synced', b: 'synced' })
  const written = writtenNode()
  await connect(fake, written)
  fake.nodes.a = 'too-many-connections'
  expect(failureOf(await rejected(connect(fake, written)))?.kind).toBe('too-many-connections')
  expect(written.moves).toEqual([])
})

it('lets connections that are made at once end on one node', async () => {
  const fake = fakeNodes({ a: 'synced', b: 'synced', c: 'synced' })
  const written = writtenNode()
  await connect(fake, written)
  fake.nodes.a = 'cut off'
  // The first finds b; then b is silent for the others, which would find c.
  const [first, ...others] = Array.from({ length: 4 }, () => connect(fake, written, 400))
  const found = await first
  expect(found?.place.host).toBe('b')
  const rest = await Promise.all(others)
  expect(rest.map(({ place }) => place.host)).toEqual(['b', 'b', 'b'])
  expect(written.moves).toHaveLength(1)
})

it('takes no second node where another connection has found one in the meantime', async () => {
  const fake = fakeNodes({ a: 'silent', b: 'synced', c: 'synced' })
  const written = writtenNode()
  const late = connect(fake, written, 300)
  written.settle({ host: 'c', port: 1 }, { host: 'a', port: 1 }, 'found by another connection')
  // It finds b, which is as good, and goes to the one that is written all the same.
  expect((await late).place.host).toBe('c')
  expect(fake.asked).toEqual(['a', 'b', 'c'])
  expect(fake.open).toEqual(['c'])
  expect(written.moves).toHaveLength(1)
})

it('says what each node said, the most useful first, and waits', async () => {
  const fake = fakeNodes({ a: 'refused', b: 'cut off', c: 'silent' })
  const written = writtenNode()
  fake.nodes.a = 'synced'
  await connect(fake, written)
  fake.nodes.a = 'refused'
  const error = await rejected(connect(fake, written, 300))
  const failure = failureOf(error)
  expect(failure?.kind).toBe('not-in-cluster')
  expect(decide(failure ?? { kind: 'other', code: '', message: '' }, 'connecting')).toBe('wait')
  const cause = failure && causeOf(failure, { ...fake.login, host: 'a' })
  expect(cause?.message).toMatch(
    /^No node of the cluster can be used\. b:1: It is out of the cluster \(non-Primary\).* a:1: Nothing listens there\./,
  )
  expect(cause?.message).toMatch(/c:1: It does not answer/)
  expect(cause?.hint).toMatch(/pc\.bootstrap/)
  expect(cause?.isTemporary).toBe(true)
})

it('shows at the first opening what a person has to change, and waits once a node has worked', async () => {
  const nodes: Record<string, FakeNode> = { a: 'refused', b: 'tls' }
  expect(failureOf(await rejected(connect(fakeNodes(nodes))))?.kind).toBe('tls')
  const fake = fakeNodes({ a: 'synced', b: 'tls' })
  const written = writtenNode()
  await connect(fake, written)
  fake.nodes.a = 'refused'
  expect(failureOf(await rejected(connect(fake, written)))?.kind).toBe('refused')
})

it('leaves nothing open when it is given up', async () => {
  const fake = fakeNodes({ a: 'desynced', b: 'silent' })
  const cancel = new AbortController()
  const connecting = connectNode({ inner: fake.dialect, written: writtenNode() }, fake.login, {
    ...options(),
    signal: cancel.signal,
  })
  await expect.poll(() => fake.asked).toEqual(['a', 'b'])
  cancel.abort(new Error('enough'))
  await expect(connecting).rejects.toThrow('enough')
  expect(fake.open).toEqual([])
})
