// A Galera cluster of three nodes as a person meets it: its panel, a node that dies during a save, one that is cut off, and a save
// that is too long for one transaction.
import type { Page } from '@playwright/test'
import { cellOf, expect, shot, test as base } from './roster.ts'
import { ownCluster, profileOf, storeProfiles, withoutCluster, type GaleraNode, type TestCluster } from './servers.ts'

const NAME = 'Shop on Galera'
/** More than one transaction of a cluster takes. */
const ROWS = 6_000

const test = base.extend<{ cleanUp: null; shop: Page }, { cluster: TestCluster }>({
  ...ownCluster,
  /** Whatever a test did to them, the next one finds three nodes that are Synced, and rows that were not touched. */
  cleanUp: async ({ cluster }, use) => {
    const [first] = cluster.nodes
    await first.admin(
      `drop table if exists member; create table member (id int primary key, name varchar(40) not null unique, note varchar(40));
        insert into member select seq, concat('user', seq), 'new' from seq_1_to_${ROWS}`,
      first.database,
    )
    await use(null)
  },
  /** Open at the rows of the first node, which the profile names first. */
  shop: async ({ cluster, cleanUp, roster, page }, use) => {
    void cleanUp
    const [first, ...others] = cluster.nodes
    const nodes = others.map(({ host, port }) => ({ host, port }))
    storeProfiles(roster.sample, [{ ...profileOf(first, { name: NAME }), nodes }])
    await page.goto(await roster.start())
    await page.getByRole('button', { name: NAME }).first().click()
    await openMembers(page)
    await use(page)
  },
})

async function openMembers(page: Page): Promise<void> {
  await page.getByRole('treeitem', { name: 'member' }).click()
  await expect(page.getByRole('gridcell', { name: 'user1', exact: true })).toBeVisible()
}

const place = ({ host, port }: GaleraNode) => `${host}:${port}`
const chip = (page: Page) => page.getByRole('button', { name: /^Cluster roster:/ })
const panel = (page: Page) => page.getByRole('region', { name: 'Cluster', exact: true })
const row = (page: Page, node: GaleraNode) =>
  panel(page)
    .getByRole('row')
    .filter({ hasText: place(node) })
const said = (page: Page) => page.getByRole('status')

async function openPanel(page: Page): Promise<void> {
  await chip(page).click()
  await expect(panel(page)).toBeVisible()
}

async function pictures(page: Page, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height })
      await page.screenshot(shot(`${name}-${scheme}-${width}`))
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** Stages another note for every row. */
async function noteAll(page: Page, note: string): Promise<void> {
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+Home')
  await (await cellOf(page, 'user1', 'note')).first().click()
  await page.keyboard.press('Control+Shift+ArrowDown')
  await expect(page.getByRole('status', { name: 'Chosen cells' })).toHaveText('6,000 × 1 cells chosen')
  await page.keyboard.press('Control+Shift+Enter')
  await page.keyboard.type(note)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Save 6,000 changes' })).toBeVisible()
}

const count = async (node: GaleraNode, note: string) =>
  Number((await node.admin(`select count(*) from member where note = '${note}'`, node.database))[0]?.[0])

/**
 * Somebody holds a row of the node. `untilThere` waits until a save has come as far as this row: then it is in the middle of a
 * transaction. `letGo` ends whoever holds it; who dies with the node needs no end.
 */
async function inTheWay(node: GaleraNode, id: number) {
  const sql = `begin; select id from member where id = ${id} for update; do sleep(60)`
  const holding = node.admin(sql, node.database).catch(() => undefined)
  const transactions = (column: string) =>
    node.admin(`select ${column} from information_schema.innodb_trx`).then((rows) => rows.map(([told]) => Number(told)))
  // The server counts anew when 100 ms without a look are over.
  await expect.poll(() => transactions('trx_rows_locked'), { intervals: [150] }).toEqual([1])
  return {
    /** Every row before it was changed by then, and nothing of them is committed. */
    untilThere: () => expect.poll(() => transactions('trx_rows_modified'), { intervals: [150] }).toContain(id - 1),
    letGo: async () => {
      const [[session] = []] = await node.admin(
        "select id from information_schema.processlist where info like 'do sleep(60)'",
      )
      await node.admin(`kill ${session}`)
      await holding
    },
  }
}

test.describe('a Galera cluster @browser', () => {
  test.skip(...withoutCluster())

  test('is shown with its nodes, and one that the profile does not name is added', async ({
    cluster,
    cleanUp,
    roster,
    page,
  }) => {
    void cleanUp
    const [first, second, third] = cluster.nodes
    // The form takes the password from here, as the tests' other profiles do.
    const { secret } = profileOf(first) as { secret?: { variable: string } }
    await page.goto(await roster.start())
    await page.getByRole('button', { name: 'New profile' }).click()
    await page.getByRole('menuitem', { name: /MariaDB/ }).click()
    const form = page.getByRole('dialog')
    await form.getByText('MySQL / MariaDB', { exact: true }).click()
    await form.getByLabel('Name', { exact: true }).fill(NAME)
    await form.getByLabel('Host').first().fill(first.host)
    await form.getByLabel('Port').first().fill(String(first.port))
    await form.getByRole('button', { name: 'Add a node' }).click()
    await form.getByLabel('Node 2', { exact: true }).fill(place(second))
    await form.getByLabel('Database', { exact: true }).fill(first.database)
    await form.getByRole('textbox', { name: 'User', exact: true }).fill(first.user)
    await form.getByLabel('Where its password is').selectOption('An environment variable')
    await form.getByLabel('Variable').fill(secret?.variable ?? '')
    await form.getByRole('button', { name: 'Save' }).click()
    await openMembers(page)

    await expect(chip(page)).toHaveAccessibleName('Cluster roster: 2 of 2 healthy, node1 is written')
    await openPanel(page)
    for (const node of [first, second]) {
      await expect(row(page, node)).toContainText(
        /node\d.*Healthy.*Synced.*Primary.*3 nodes.*0 %.*At every commit|Once a second/s,
      )
    }
    await expect(row(page, first)).toContainText('written')
    await expect(panel(page).getByText('3 nodes are in the cluster.')).toBeVisible()
    await panel(page).getByRole('button', { name: 'Add to the profile…' }).click()
    await expect(form.getByLabel('Node 3', { exact: true })).toHaveValue(place(third))
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(chip(page)).toHaveAccessibleName('Cluster roster: 3 of 3 healthy, node1 is written')
    await expect(row(page, third)).toContainText('Healthy')
    await expect(panel(page).getByRole('button', { name: 'Add to the profile…' })).toHaveCount(0)
    await expect(panel(page).getByText('None since the profile was opened.')).toBeVisible()
    await pictures(page, 'cluster-healthy')
    await page.keyboard.press('Escape')
  })

  test('loses the written node during a save of several transactions: all rows are saved, and it is told', async ({
    cluster,
    shop: page,
  }) => {
    const [first, second] = cluster.nodes
    await openPanel(page)
    await noteAll(page, 'seen')
    await page.getByRole('button', { name: 'Several parts' }).click()
    await expect(page.getByText('One transaction has at most 5,000 changes')).toBeVisible()
    await page.screenshot(shot('cluster-long-save'))
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save 6,000 changes' }).click()
    const asked = page.getByRole('dialog', { name: 'Save 6,000 changes in 2 transactions' })
    await expect(asked).toContainText('5,000, 1,000.')
    await page.screenshot(shot('cluster-parts'))
    const { untilThere } = await inTheWay(first, 4_000)
    await asked.getByRole('button', { name: 'Save in 2 transactions' }).click()
    await untilThere()
    await page.screenshot(shot('cluster-saving'))
    await first.kill()
    await expect(said(page).getByText('Sessions go to node2 since')).toBeVisible({ timeout: 20_000 })
    await expect(said(page).getByText('Saved 6,000 changes to member in 2 transactions.')).toBeVisible({
      timeout: 30_000,
    })
    expect(await count(second, 'seen')).toBe(ROWS)

    await expect(row(page, first)).toContainText(/node1.*No answer/)
    await expect(row(page, second)).toContainText('written')
    await expect(panel(page).getByRole('region', { name: 'Moves' })).toContainText('from node1 to node2:')
    await expect(chip(page)).toHaveAccessibleName('Cluster roster: 2 of 3 healthy, node2 is written')
    await pictures(page, 'cluster-node-lost')
    await page.getByRole('button', { name: 'Dismiss' }).first().click()

    await first.restart()
    await expect(row(page, first)).toContainText('Healthy')
    await expect(chip(page)).toHaveAccessibleName('Cluster roster: 3 of 3 healthy, node2 is written')
    expect(await count(first, 'seen')).toBe(ROWS)
    await page.screenshot(shot('cluster-node-back'))
    // Each transaction is a save of its own, which can be taken back.
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Saves of this table', exact: true }).click()
    const history = page.getByRole('dialog')
    await expect(history).toContainText('5,000')
    await expect(history).toContainText('1,000')
    await page.screenshot(shot('cluster-saves'))
  })

  test('takes a long save in parts: one that fails leaves those before it saved, and it can be stopped between two', async ({
    cluster,
    shop: page,
  }) => {
    const [first] = cluster.nodes
    const saveInTwo = async () => {
      await page.getByRole('button', { name: 'Save 6,000 changes' }).click()
      await page.getByRole('button', { name: 'Save in 2 transactions' }).click()
    }
    await noteAll(page, 'seen')
    // A row of the second transaction is another one than the person saw.
    await first.admin("update member set note = 'theirs' where id = 5500", first.database)
    await saveInTwo()
    const conflicts = page.getByRole('dialog')
    // The first transaction is saved before, which takes as long as the machine does.
    await expect(conflicts).toContainText('theirs', { timeout: 30_000 })
    await expect(conflicts).toContainText(
      'Nothing of transaction 2 of 2 was saved. Transaction 1 of 2 was saved before',
    )
    await page.screenshot(shot('cluster-part-conflict'))
    await page.keyboard.press('Escape')
    await expect(conflicts).toHaveCount(0)
    await expect(page.getByRole('alert')).toContainText(
      'Transaction 1 of 2 was saved before, 5,000 changes, and stays saved. 1,000 changes are still staged.',
    )
    await page.screenshot(shot('cluster-part-failed'))
    expect(await count(first, 'seen')).toBe(5_000)
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('button', { name: 'Reload', exact: true }).click()

    await noteAll(page, 'again')
    const { untilThere, letGo } = await inTheWay(first, 4_000)
    await saveInTwo()
    await untilThere()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await expect(said(page).getByText('Stopping after this one')).toBeVisible()
    await letGo()
    await expect(
      said(page).getByText('Stopped after transaction 1 of 2: 5,000 changes saved. 1,000 changes'),
    ).toBeVisible()
    expect(await count(first, 'again')).toBe(5_000)
    await expect(page.getByRole('button', { name: 'Save 1,000 changes' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Long', exact: true })).toBeVisible()
  })

  test('whose written node is cut off goes on with the others, and what was staged is saved there', async ({
    cluster,
    shop: page,
  }) => {
    const [first, second] = cluster.nodes
    await openPanel(page)
    await expect(row(page, first)).toContainText('written')
    await (await cellOf(page, 'user1', 'note')).first().dblclick()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('kept')
    await page.keyboard.press('Enter')
    await first.cutOff()
    await expect(row(page, first)).toContainText('Not usable', { timeout: 20_000 })
    await expect(row(page, first)).toContainText('non-Primary')
    await page.getByRole('button', { name: 'Save 1 change' }).click()
    await expect(said(page).getByText('Saved 1 change to member.')).toBeVisible({ timeout: 20_000 })
    await expect(said(page).getByText(/^node1: .*non-Primary.* Sessions go to node2 since/)).toBeVisible()
    await expect(row(page, second)).toContainText('written')
    await expect(page.getByRole('contentinfo')).toContainText(`Server: ${second.host}:${second.port}`)
    await pictures(page, 'cluster-cut-off')
    expect(await count(second, 'kept')).toBe(1)
    await first.letIn()
    await expect(row(page, first)).toContainText('Healthy')
    expect(await count(first, 'kept')).toBe(1)
  })

  test('is stopped by migrations, which says the plan; a lock whose owner cannot be found is freed after consent', async ({
    cluster,
    shop: page,
  }) => {
    const [first, , third] = cluster.nodes
    await page.getByRole('link', { name: /^Migrations/ }).click()
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    const plan = page.getByRole('region', { name: /^Plan:/ })
    await expect(plan.getByText(/^All 3 nodes are Synced just now\./).first()).toBeVisible()
    await expect(
      plan.getByText('The whole cluster stops while this runs (total order isolation).').first(),
    ).toBeVisible()
    await expect(plan.getByText(/\d stops? the cluster/).first()).toBeVisible()
    const rehearse = page.getByRole('button', { name: 'Rehearse' })
    await expect(rehearse).toHaveAttribute('aria-disabled', 'true')
    await expect(rehearse).toHaveAccessibleDescription(
      /on a Galera cluster each of its statements would stop all nodes/,
    )
    await pictures(page, 'cluster-plan')
    await plan.getByRole('button', { name: /^Close/ }).click()

    await page.getByRole('button', { name: 'Run all' }).click()
    const asked = page.getByRole('dialog')
    await expect(asked).toContainText('each change of the schema stops all nodes until it is done on all of them')
    await page.screenshot(shot('cluster-run'))
    await asked.getByRole('button', { name: 'Run 3 steps' }).click()
    await expect(said(page).getByText(/Applied 3 steps/)).toBeVisible({ timeout: 30_000 })
    expect(await third.admin('select count(*) from auth_user', first.database)).toEqual([['0']])

    // What a run leaves behind whose machine and node are gone for good.
    await first.admin(
      `update roster_migration_lock set token = 'left behind', node = 'node9', place = '10.0.0.9:3306', node_started = 1,
        session = '17 10.0.0.7:51234', person = 'ann@office', database_user = 'roster',
        started_at = utc_timestamp(6) - interval 5 minute, heartbeat = utc_timestamp(6) - interval 90 second where id = 1`,
      first.database,
    )
    await page.getByRole('treeitem', { name: 'member' }).click()
    await page.reload()
    await page.getByRole('link', { name: /^Migrations/ }).click()
    await expect(page.getByText(/ann@office has had the lock since .* \(connection 17 on the node node9/)).toBeVisible()
    await page.getByRole('button', { name: 'Repair the lock' }).click()
    await expect(asked).toContainText('roster_migration_lock')
    await page.screenshot(shot('cluster-lock'))
    await asked.getByRole('button', { name: 'Repair the lock' }).click()
    await expect(page.getByText(/ann@office has had the lock/)).toHaveCount(0)
    expect(await first.admin('select token from roster_migration_lock', first.database)).toEqual([[null]])
  })
})
