// A save whose COMMIT gets no answer: it is looked up and told as it is, and what cannot be looked up is asked again on request.
import type { Page } from '@playwright/test'
import type { Link } from '../scripts/servers/fault-link.ts'
import { startProxy, type Act, type Proxy } from '../scripts/servers/fault-proxy.ts'
import { cellOf, expect, shot, test as base } from './roster.ts'
import { engineNames, kinds, profileOf, ownServer, storeProfiles, withoutServer, type TestServer } from './servers.ts'

async function edit(page: Page, row: string, column: string, text: string): Promise<void> {
  await (await cellOf(page, row, column)).click()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

for (const kind of kinds) {
  const test = base.extend<{ server: TestServer; network: Proxy }>({
    ...ownServer(
      kind,
      `create table member (id ${kind === 'postgres' ? 'serial' : 'int auto_increment'} primary key, name varchar(40), note varchar(40));
        insert into member (id, name, note) values (1, 'Ann', 'a'), (2, 'Bob', 'b'), (3, 'Cy', 'c');
        ${kind === 'postgres' ? "select setval('member_id_seq', 3);" : ''}`,
    ),
    network: async ({ server, roster }, use) => {
      const proxy = await startProxy(server)
      storeProfiles(roster.sample, [profileOf({ ...server, port: proxy.port })])
      await use(proxy)
      await proxy.stop()
    },
  })
  /** The next COMMIT meets this. */
  const atCommit = (proxy: Proxy, act: (others: readonly Link[]) => Act | Promise<Act>) => {
    proxy.onClientBytes = (bytes, connection) => {
      if (!/\bcommit\b/i.test(bytes.toString('latin1'))) return undefined
      proxy.onClientBytes = null
      return act([...proxy.connections].filter((link) => link !== connection))
    }
  }
  const openMembers = async (page: Page) => {
    await page
      .getByRole('button', { name: `Shop on ${engineNames[kind]}` })
      .first()
      .click()
    await page.getByRole('treeitem', { name: 'member' }).click()
    await expect(page.getByRole('gridcell', { name: 'Cy', exact: true })).toBeVisible()
  }
  const notes = (server: TestServer) => server.admin('select name, note from member order by id')

  test.describe(`a save without an answer on ${engineNames[kind]} @browser`, () => {
    test.skip(...withoutServer(kind))

    test('is looked up: all of it is there, or none', async ({ server, network, app: page }) => {
      await openMembers(page)
      await edit(page, 'Ann', 'note', 'changed')
      await edit(page, 'Bob', 'note', 'changed too')
      atCommit(network, () => 'drop-reply')
      await page.getByRole('button', { name: 'Save 2 changes' }).click()
      await expect(page.getByRole('status').getByText('2 of 2 changes are in the database.')).toBeVisible()
      await page.screenshot(shot(`save-interrupted-${kind}`))
      expect(await notes(server)).toEqual([
        ['Ann', 'changed'],
        ['Bob', 'changed too'],
        ['Cy', 'c'],
      ])
      await expect(page.getByRole('button', { name: /^Save \d/ })).toHaveCount(0)

      await edit(page, 'Cy', 'note', 'kept back')
      atCommit(network, () => 'cut')
      await page.getByRole('button', { name: 'Save 1 change' }).click()
      await expect(page.getByRole('alert').getByText('none of 1 change is in the database')).toBeVisible()
      await page.getByRole('button', { name: 'Save 1 change' }).click()
      await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
      expect((await notes(server))[2]).toEqual(['Cy', 'kept back'])
    })

    test('is called unknown while nobody can look, and looked up on request', async ({
      server,
      network,
      app: page,
    }) => {
      await openMembers(page)
      await edit(page, 'Ann', 'note', 'changed')
      atCommit(network, async (others) => {
        await network.mode('refuse')
        // Nobody can look by a connection that is open already.
        for (const link of others) link.cut()
        setTimeout(() => network.connections.forEach((link) => link.cut()), 50)
        return 'drop-reply' as const
      })
      await page.getByRole('button', { name: /^Save \d/ }).click()
      await page.getByRole('button', { name: 'Cancel' }).click()
      const dialog = page.getByRole('dialog')
      await expect(dialog.getByRole('heading')).toHaveText(
        /^Whether \d changes? of member (was|were) saved is not known$/,
      )
      await page.screenshot(shot(`save-unknown-${kind}`))
      await dialog.getByRole('button', { name: 'Check again' }).click()
      // It opens the profile again by itself, and waits.
      await network.mode('pass')
      await expect(page.getByRole('status').getByText(/(\d) of \1 changes? (is|are) in the database\./)).toBeVisible({
        timeout: 20_000,
      })
      await expect(page.getByRole('button', { name: /^Save \d/ })).toHaveCount(0)
      expect((await notes(server))[0]).toEqual(['Ann', 'changed'])
    })
  })
}
