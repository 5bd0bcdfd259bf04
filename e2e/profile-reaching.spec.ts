// How a server is reached, in the form of its profile: encryption with its files, an SSH tunnel, further nodes of a cluster.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { shootAll } from './shoot-all.ts'
import { expect, test } from './roster.ts'

const dialog = (page: Page) => page.getByRole('dialog').first()
const field = (page: Page, name: string) => dialog(page).getByRole('textbox', { name, exact: true })
const select = (page: Page, name: string) => dialog(page).getByLabel(name, { exact: true })
const save = (page: Page) => dialog(page).getByRole('button', { name: 'Save' })

async function newServer(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New profile' }).click()
  await page.getByRole('menuitem', { name: /^PostgreSQL/ }).click()
}

/** Puts a text on the clipboard and pastes it where the focus is, as a person does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
  await page.keyboard.press('Control+V')
}

test('encryption, tunnel and nodes come back as they were typed @browser', async ({ app: page, roster }) => {
  mkdirSync(join(roster.folder, 'pki'))
  for (const name of ['ca.pem', 'client.pem', 'client.key', 'id_ed25519']) {
    writeFileSync(join(roster.folder, 'pki', name), 'Only its path is asked for here.')
  }
  const file = (name: string) => join(roster.folder, 'pki', name)
  await newServer(page)
  await dialog(page).getByText('MySQL / MariaDB', { exact: true }).click()
  await field(page, 'Name').fill('Cluster')
  await field(page, 'Host').focus()
  await page.keyboard.press('Control+A')
  await paste(page, 'db1.example.com:3307, db2.example.com, db3.example.com:3308')
  await expect(field(page, 'Host')).toHaveValue('db1.example.com')
  await expect(field(page, 'Port')).toHaveValue('3307')
  await expect(field(page, 'Node 3')).toHaveValue('db3.example.com:3308')

  // By keys: Enter adds a line, Backspace in an empty one removes it, and the focus is where one goes on.
  await field(page, 'Node 3').press('Enter')
  await expect(field(page, 'Node 4')).toBeFocused()
  await page.keyboard.press('Backspace')
  await expect(field(page, 'Node 4')).toHaveCount(0)
  await expect(field(page, 'Node 3')).toBeFocused()
  await dialog(page).getByRole('button', { name: 'Add a node' }).click()
  await expect(field(page, 'Node 4')).toBeFocused()
  await paste(page, 'db4.example.com;db1.example.com:3307')
  await expect(field(page, 'Node 5')).toHaveValue('db1.example.com:3307')

  await field(page, 'Database').fill('shop')
  await field(page, 'User').fill('app')
  await select(page, 'TLS').selectOption('Verify full')
  await expect(select(page, 'TLS')).toHaveAccessibleDescription(/nobody on the way can read/)
  await field(page, 'Authority (CA file)').fill(file('ca.pem'))
  await dialog(page).getByLabel('Show the server a certificate of this client').check()
  await dialog(page).getByRole('button', { name: 'Choose the file: Client certificate' }).click()
  await page.getByRole('dialog').last().getByLabel('Path').fill(file('client.pem'))
  await page.keyboard.press('Enter')
  await expect(field(page, 'Client certificate')).toHaveValue(file('client.pem'))

  await dialog(page).getByLabel('Reach the server through SSH').check()
  await field(page, 'SSH host').fill('bastion.example.com')
  await field(page, 'SSH user').fill('ops')
  await select(page, 'Sign in with').selectOption('a key file')
  await field(page, 'SSH key file').fill(file('id_ed25519'))
  await select(page, 'Where the SSH passphrase is').selectOption('An environment variable')
  await field(page, 'Variable with it').fill('ROSTER_E2E_KEY')
  await dialog(page).getByLabel('Reach the SSH machine through another one').check()
  await field(page, 'Jump host').fill('ops@gate')
  await field(page, 'User on the jump host').fill('ops')

  // What is wrong is said at its field, and what was typed stays.
  await save(page).click()
  await expect(field(page, 'Node 5')).toHaveAccessibleDescription('db1.example.com:3307 is named twice.')
  await expect(field(page, 'Key of the certificate')).toHaveAccessibleDescription('The file of its key is needed.')
  await expect(field(page, 'Jump host')).toHaveAccessibleDescription(/without blanks, slashes or a user/)
  await expect(field(page, 'SSH host')).toHaveValue('bastion.example.com')
  await shootAll(page, 'form-reaching-errors')
  await dialog(page).getByRole('button', { name: 'Remove node 5' }).click()
  await field(page, 'Key of the certificate').fill('/etc/passwd')
  await field(page, 'Jump host').fill('gate.example.com')
  // A file that Roster may not show is refused by the host, at its field.
  await save(page).click()
  await expect(field(page, 'Key of the certificate')).toHaveAccessibleDescription(/outside of the folders/)
  await field(page, 'Key of the certificate').fill(file('client.key'))
  await shootAll(page, 'form-reaching')
  // Esc in the dialog above closes that one alone.
  await dialog(page).getByRole('button', { name: 'Choose the file: Key of the certificate' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(2)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(1)
  await expect(field(page, 'Key of the certificate')).toHaveValue(file('client.key'))
  await save(page).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  const stored = JSON.parse(readFileSync(join(roster.folder, 'data/profiles.json'), 'utf8')) as { profiles: object[] }
  expect(stored.profiles[1]).toMatchObject({
    ...{ host: 'db1.example.com', port: 3307, tls: 'verify' },
    tlsFiles: {
      ca: file('ca.pem'),
      certificate: file('client.pem'),
      key: file('client.key'),
      secret: { kind: 'none' },
    },
    ssh: {
      ...{ host: 'bastion.example.com', port: 22, user: 'ops', auth: 'key', keyFile: file('id_ed25519') },
      secret: { kind: 'environment', variable: 'ROSTER_E2E_KEY' },
      jump: { host: 'gate.example.com', auth: 'agent' },
    },
    nodes: [
      { host: 'db2.example.com', port: 3307 },
      { host: 'db3.example.com', port: 3308 },
      { host: 'db4.example.com', port: 3307 },
    ],
  })
  await expect(page.getByRole('banner')).toContainText('db1.example.com:3307/shop via bastion.example.com, +3 nodes')

  await page
    .getByRole('navigation', { name: 'Databases' })
    .getByRole('button', { name: 'Cluster', exact: true })
    .focus()
  await page.keyboard.press('F4')
  await expect(field(page, 'Node 2')).toHaveValue('db2.example.com:3307')
  await expect(field(page, 'Key of the certificate')).toHaveValue(file('client.key'))
  await expect(field(page, 'Jump host')).toHaveValue('gate.example.com')
  await expect(select(page, 'TLS')).toHaveValue('verify')
})
