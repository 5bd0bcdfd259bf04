// After sleep: connections that died meanwhile are found out at once, before a person asks anything of them.
import { expect, test } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProxy } from '../scripts/servers/fault-proxy.ts'
import { profileOf, startServer, storeProfiles, withoutServer } from './servers.ts'
import { Standin } from './standin/client.ts'

test.skip(...withoutServer('postgres'))

for (const event of ['resume', 'unlock-screen'] as const) {
  test(`a connection that died during sleep is noticed on ${event}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'roster-power-'))
    const dataFolder = join(folder, 'data')
    const server = await startServer('postgres')
    const proxy = await startProxy(server)
    storeProfiles(join(dataFolder, 'sample.db'), [{ ...profileOf(server), host: proxy.host, port: proxy.port }])
    const standin = await Standin.start({ dataFolder })
    try {
      const page = await standin.page()
      const shop = page.getByRole('navigation', { name: 'Databases' }).getByRole('button', { name: 'Shop on' }).first()
      await shop.click()
      await expect(page.getByText('This database has no tables yet.')).toBeVisible()
      // The network is another one after waking up: nothing comes through, and nobody says so.
      await proxy.mode('blackhole')
      await page.waitForTimeout(4_000)
      await expect(shop).toContainText('Open')
      await standin.ask('power', event)
      await expect(shop).toContainText('Reconnecting', { timeout: 12_000 })
      await proxy.mode('pass')
      await expect(shop).toContainText('Open', { timeout: 8_000 })
    } finally {
      await standin.stop()
      await proxy.stop()
      await server.end()
      rmSync(folder, { recursive: true, force: true })
    }
  })
}
