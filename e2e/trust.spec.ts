// What asks for trust: a certificate that was refused is looked at and pinned; the key of an SSH machine is compared at its first
// use, refused once it has changed, and forgotten by hand.
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { makeAuthority, whyNoAuthority } from '../scripts/servers/authority.ts'
import { makeKey } from '../scripts/servers/ssh-keys.ts'
import { startSshd, whyNoSshd } from '../scripts/servers/sshd.ts'
import { expect, shot, test } from './roster.ts'
import { profileOf, refusals, startServer, storeProfiles, withoutServer } from './servers.ts'
import { shootAll } from './shoot-all.ts'

const dialog = (page: Page) => page.getByRole('dialog')
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const profileButton = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Databases' }).getByRole('button', { name, exact: true })
const opened = (page: Page) => page.getByText('This database has no tables yet.')

const DAY = 86_400_000
/** As openssl writes a moment. */
const moment = (milliseconds: number) => new Date(milliseconds).toISOString().replaceAll(/[-:T]|\.\d+/g, '')

test.describe('a certificate @browser', () => {
  test.skip(...withoutServer('mysql'))
  test.skip(whyNoAuthority() !== null && !process.env.CI, whyNoAuthority() ?? '')

  test('is refused, looked at, trusted at its place, and no longer trusted', async ({ roster, page }) => {
    using authority = makeAuthority()
    const late = authority.issue('late', {
      ...{ from: moment(Date.now() - 40 * DAY), to: moment(Date.now() - 12.5 * DAY) },
    })
    const { fingerprint256: fingerprint } = new X509Certificate(late.cert)
    const server = await startServer('mysql', { ssl_cert: late.files.cert, ssl_key: late.files.key })
    try {
      const profile = profileOf(server)
      const tlsFiles = { ca: authority.caFile, certificate: null, key: null, secret: { kind: 'none' } }
      storeProfiles(roster.sample, [{ ...profile, tls: 'verify', tlsFiles }])
      await page.goto(await roster.start())
      await profileButton(page, profile.name).click()
      const panel = page.getByRole('region', { name: `Certificate of 127.0.0.1:${server.port}` })
      await expect(panel).toContainText('expired 12 days ago')
      await expect(panel).toContainText('Roster test authority')
      expect(await panel.locator('code').textContent()).toBe(fingerprint)
      await expect(page.getByRole('region', { name: 'Settings used' })).toContainText(
        'certificate and name are checked',
      )
      await shootAll(page, 'certificate-refused')
      await button(page, 'Trust this certificate').click()
      await expect(button(page, 'Not now')).toBeFocused()
      await expect(panel).toContainText('Once the server shows a new one, it is asked again.')
      await shootAll(page, 'certificate-second-step')
      await button(page, 'Trust it and connect').click()
      await expect(opened(page)).toBeVisible()
      const pin = { host: '127.0.0.1', port: server.port, fingerprint }
      const stored = readFileSync(join(roster.folder, 'data/profiles.json'), 'utf8')
      expect(JSON.parse(stored)).toMatchObject({ profiles: [{}, { pins: [pin] }] })

      // Taken back in the form, it is refused again; trusted by a test of the form, it is in the form.
      await profileButton(page, profile.name).focus()
      await page.keyboard.press('F4')
      await button(page, `Stop trusting the certificate of 127.0.0.1:${server.port}`).click()
      await button(page, 'Test connection').click()
      const above = page.getByRole('dialog', { name: 'The certificate was not accepted' })
      await expect(above).toContainText('expired 12 days ago')
      await shootAll(page, 'certificate-in-form')
      // Esc leaves the form below as it is.
      await page.keyboard.press('Escape')
      await expect(above).toHaveCount(0)
      await page.screenshot(shot('certificate-test-result'))
      await button(page, 'Look at the certificate').click()
      await above.getByRole('button', { name: 'Trust this certificate' }).click()
      await above.getByRole('button', { name: 'Trust it in this profile' }).click()
      await expect(dialog(page).getByText(/^Connected to MariaDB/)).toBeVisible()
      await expect(dialog(page).getByText('Certificates that are trusted as they are')).toBeVisible()
      await button(page, `Stop trusting the certificate of 127.0.0.1:${server.port}`).scrollIntoViewIfNeeded()
      await page.screenshot(shot('certificate-pinned-in-form'))
      await button(page, `Stop trusting the certificate of 127.0.0.1:${server.port}`).click()
      await button(page, 'Save').click()
      await expect(panel).toContainText('expired 12 days ago')
      expect(refusals(server)).toBe(0)
    } finally {
      await server.end()
    }
  })
})

/** As OpenSSH writes it, of "ssh-ed25519 AAAA…". */
function sshFingerprint(publicKey = ''): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

test.describe('the key of an SSH machine @browser', () => {
  test.skip(...withoutServer('postgres'))
  test.skip(whyNoSshd() !== null && !process.env.CI, whyNoSshd() ?? '')

  test('is compared at the first use, refused once it has changed, and forgotten by hand', async ({ roster, page }) => {
    await using sshd = await startSshd()
    const server = await startServer('postgres')
    try {
      const keyFile = join(roster.folder, 'id_ed25519')
      sshd.authorize(makeKey(keyFile, { passphrase: 'passphrase-of-e2e' }))
      const profile = profileOf(server)
      const { host, port, user } = sshd
      const ssh = { host, port, user, auth: 'key', keyFile, secret: { kind: 'ask' }, jump: null }
      storeProfiles(roster.sample, [{ ...profile, ssh }])
      await page.goto(await roster.start())
      await profileButton(page, profile.name).click()
      const prompt = page.getByRole('form', { name: `Passphrase of ${keyFile}` })
      await expect(prompt).toContainText(`the SSH key for the SSH machine, ${user}@${host}:${port}`)
      await shootAll(page, 'ssh-passphrase')
      await prompt.getByLabel('Passphrase', { exact: true }).fill('passphrase-of-e2e')
      await page.keyboard.press('Enter')

      const first = sshFingerprint(sshd.publicKeys()[0])
      const panel = page.getByRole('region', { name: `Key of ${host}:${port}` })
      await expect(panel).toContainText(first)
      await expect(panel).toContainText('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')
      await expect(page.getByRole('listitem').filter({ hasText: 'Open the tunnel' })).toContainText('failed')
      await expect(page.getByRole('region', { name: 'Settings used' })).toContainText(`${user}@${host}:${port}`)
      await shootAll(page, 'host-key-new')
      await button(page, 'Trust this key').click()
      await shootAll(page, 'host-key-second-step')
      await button(page, 'Trust this key and connect').click()
      await expect(opened(page)).toBeVisible()
      await expect(page.getByRole('banner')).toContainText(`via ${host}`)

      await sshd.stop()
      await sshd.start(['ed25519'])
      const second = sshFingerprint(sshd.publicKeys()[0])
      await button(page, 'Look at the key').click()
      const changed = page.getByRole('region', { name: `Changed key of ${host}:${port}` })
      await expect(changed).toContainText(first)
      await expect(changed).toContainText(second)
      await expect(changed).toContainText('Roster’s list')
      await expect(changed.getByRole('button')).toHaveCount(0)
      await shootAll(page, 'host-key-changed')
      await page.keyboard.press('Escape')

      await button(page, 'Edit profile').click()
      await button(page, 'Forget the known key').click()
      await expect(dialog(page).getByText(`Roster knows no key of ${host}:${port} any more.`)).toBeVisible()
      await shootAll(page, 'host-key-forgotten')
      // In the form the new key is trusted by a test.
      await button(page, 'Test connection').click()
      const above = page.getByRole('dialog', { name: 'The key of the SSH machine' })
      await expect(above).toContainText(second)
      await above.getByRole('button', { name: 'Trust this key', exact: true }).click()
      await above.getByRole('button', { name: 'Trust this key and test again' }).click()
      await expect(dialog(page).getByText(/^Connected to PostgreSQL/)).toBeVisible()
      await button(page, 'Cancel').click()
      await button(page, 'Try again').click()
      await expect(opened(page)).toBeVisible()
      await expect(button(page, 'Try again')).toHaveCount(0)
    } finally {
      await server.end()
    }
  })
})
