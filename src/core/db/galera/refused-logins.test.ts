// A node that refuses the password is asked once, however often the nodes are looked at.
import { expect, it } from 'vitest'
import type { Login } from '../server/link.ts'
import { fakeNodes, type FakeNode } from './fake-nodes.test-setup.ts'
import { clusterLook } from './look.ts'
import { onCluster } from './on-cluster.ts'

const never = new AbortController().signal
const [a, b] = ['a', 'b'].map((host) => ({ host, port: 1 })) as [Login, Login]

async function timesAsked(refusing: FakeNode, passwords: readonly string[]): Promise<number> {
  const fake = fakeNodes({ a: 'synced', b: refusing, c: 'synced' })
  let password = ''
  const login = () => Promise.resolve({ ...fake.login, password })
  const { dialect, written } = onCluster(fake.dialect, login)
  const look = clusterLook({ dialect, written, login })
  for (const each of passwords) {
    password = each
    // A move is a reason to look anew at once.
    written.settle(a, b, '')
    const { nodes } = await look.look(never)
    expect(nodes[1]?.isHealthy).toBe(false)
  }
  await look.close()
  return fake.asked.filter((host) => host === 'b').length
}

it('sends a password that was refused to that node once, and another one again', async () => {
  expect(await timesAsked('authentication', ['x', 'x', 'x'])).toBe(1)
  expect(await timesAsked('authentication', ['x', 'x', 'y', 'y'])).toBe(2)
})

it('asks a node that was only away again', async () => {
  expect(await timesAsked('refused', ['x', 'x', 'x'])).toBe(3)
})
