// Verbs on users: on thousands at once, previewed, staged as one step, saved in the owner's spelling; passwords, new users, duplicates.
import type { Locator, Page } from '@playwright/test'
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { cellOf, expect, shot, test as base, type Roster } from './roster.ts'
import { ownServer, profileOf, storeProfiles, withoutServer, type TestServer } from './servers.ts'
import { shootAll } from './shoot-all.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
// What Flask-Security mixes in: the host takes it from its environment.
process.env.SECURITY_PASSWORD_SALT ??= 'a salt of these tests'

/** Letters, so that "half" finds 5,000 of them; 50 of those are inactive already. */
const FILL = `
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 9800)
  insert into auth_user (id, email, active, fs_uniquifier, password, create_datetime, update_datetime)
    select 5000000000 + i, case when i <= 5000 then 'half' else 'other' end || printf('%05d', i) || '@example.org', i > 50 or i > 5000,
      lower(hex(randomblob(16))), null, '2024-01-15 10:20:30.000000', '2024-01-15 10:20:30.000000' from n`

const DDL = readFileSync(join(fixtures, 'ddl/flask-security-postgresql.ddl.sql'), 'utf8').replace(/^--.*\n/, '')
const POSTGRES = `${DDL}
  insert into auth_user (email, active, fs_uniquifier)
    select 'user' || i || '@example.org', i <> 3, md5(i::text) from generate_series(1, 5) i`

const test = base.extend<{ server: TestServer }>(ownServer('postgres', POSTGRES))

interface Opened {
  rows: (sql: string) => Record<string, unknown>[]
}

async function open(page: Page, roster: Roster, set: string, sql = ''): Promise<Opened> {
  const file = join(roster.folder, `${set}.db`)
  copyFileSync(join(fixtures, `${set}-sqlite.db`), file)
  const filled = new BetterSqlite3(file)
  filled.exec(sql)
  filled.close()
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('row').nth(5)).toBeVisible()
  const rows = (query: string) => {
    const database = new BetterSqlite3(file, { readonly: true })
    try {
      return database.prepare(query).safeIntegers().all() as Record<string, unknown>[]
    } finally {
      database.close()
    }
  }
  return { rows }
}

const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })
const message = (page: Page, text: string | RegExp) => page.getByRole('status').getByText(text)
const stage = (preview: Locator, rows: string) => preview.getByRole('button', { name: `Stage ${rows}` }).click()

/** Rows come before it is known that they are users. */
async function openVerbs(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Users', exact: true })).toBeVisible()
  await page.keyboard.press('Control+u')
}

async function verb(page: Page, name: string): Promise<void> {
  await openVerbs(page)
  await page.getByRole('menuitem', { name: `${name}…`, exact: true }).click()
}

async function save(page: Page, changes: string): Promise<void> {
  await page.getByRole('button', { name: `Save ${changes}` }).click()
  await expect(message(page, `Saved ${changes}`)).toBeVisible({ timeout: 30_000 })
}

/** Shows the rows of a text alone. */
async function search(page: Page, text: string, found: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Search all text' }).fill(text)
  await expect(page.getByLabel('Row count')).toContainText(found)
}

async function choose(page: Page, text: string): Promise<void> {
  await (await cellOf(page, text, 'email')).first().click()
}

test('5,000 users at once: previewed, staged, undone, redone, saved @browser', async ({ app: page, roster }) => {
  test.setTimeout(180_000)
  const { rows } = await open(page, roster, 'flask-security', FILL)
  const before = rows('select * from auth_user order by id')
  await search(page, 'half', '5,000')
  await choose(page, 'half00001')
  await page.keyboard.press('Control+A')

  await test.step('deactivate: what it touches is told before', async () => {
    await openVerbs(page)
    await expect(page.getByText('5,000 users chosen')).toBeVisible()
    await shootAll(page, 'verbs-menu')
    await page.getByRole('menuitem', { name: 'Deactivate…' }).click()
    const preview = dialog(page, 'Deactivate: 5,000 users')
    const facts = preview.getByRole('list', { name: 'What is touched' })
    await expect(facts).toContainText('active becomes false (stored as 0)')
    await expect(facts).toContainText('4,950 rows are changed; 50 are inactive already.')
    await expect(facts).toContainText('Flask-Security sets update_datetime')
    await expect(preview.getByLabel('SQL')).toContainText(/update [`"]auth_user[`"] set [`"]active[`"] = 0/i)
    await expect(preview.getByText('SQL of the first 3 rows of 4,950')).toBeVisible()
    await shootAll(page, 'verbs-preview')
    await preview.getByRole('button', { name: 'Cancel' }).click()
    await expect(page.getByRole('button', { name: /^Save \d/ })).toBeHidden()
    await verb(page, 'Deactivate')
    await stage(preview, '4,950 rows')
    await expect(message(page, '4,950 set inactive; 50 were inactive already.')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Save 4,950 changes' })).toBeVisible()
  })

  await test.step('it is one step back and forward, and is saved as 0', async () => {
    await page.getByRole('grid').press('Control+z')
    await expect(page.getByRole('button', { name: /^Save \d/ })).toBeHidden()
    await page.getByRole('grid').press('Control+Shift+z')
    await save(page, '4,950 changes')
    expect(
      rows("select typeof(active) as t, active, count(*) as n from auth_user where email like 'half%' group by 1, 2"),
    ).toEqual([{ t: 'integer', active: 0n, n: 5000n }])
    const touched = new Set(['active', 'update_datetime'])
    const after = rows('select * from auth_user order by id')
    const others = after.flatMap((row, at) =>
      Object.entries(row).filter(([name, value]) => {
        const isOwn = touched.has(name) && String(row.email).startsWith('half')
        return !isOwn && value !== before[at]?.[name] && !(value instanceof Buffer)
      }),
    )
    expect(others).toEqual([])
  })

  await test.step('signing out everywhere gives each a key of its own', async () => {
    await choose(page, 'half00001')
    await page.keyboard.press('Control+A')
    await verb(page, 'Sign out everywhere')
    await stage(dialog(page, 'Sign out 5,000 users everywhere'), '5,000 rows')
    await save(page, '5,000 changes')
    const keys = rows("select fs_uniquifier as k from auth_user where email like 'half%'").map(({ k }) => String(k))
    expect(new Set(keys).size).toBe(5000)
    expect(keys.every((key) => /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(key))).toBe(true)
    const old = new Set(before.map(({ fs_uniquifier: key }) => key))
    expect(keys.filter((key) => old.has(key))).toEqual([])
  })
})

test('a password is set, checked, and locked; nothing of it is shown @browser', async ({ app: page, roster }) => {
  const { rows } = await open(page, roster, 'flask-security', FILL)
  const password = 'correct horse battery'
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.url()))
  await search(page, 'half0000', '9')
  await choose(page, 'half00002')
  await page.keyboard.press('Shift+ArrowDown')
  const keysBefore = rows("select fs_uniquifier as k from auth_user where email like 'half0000%' order by id")

  await test.step('hashed as Flask-Security verifies, with the salt by its variable', async () => {
    await verb(page, 'Set password')
    const form = dialog(page, 'Set password: 2 users')
    await expect(form.getByLabel('Hashed as')).toBeVisible()
    await expect(form.getByLabel(/^Environment variable/)).toHaveValue('SECURITY_PASSWORD_SALT')
    await expect(form.getByLabel('New password')).toHaveAttribute('autocomplete', 'new-password')
    await form.getByRole('button', { name: 'Generate' }).click()
    await expect(form.getByLabel('New password')).toHaveValue(/^([a-zA-Z2-9]{5}-){3}[a-zA-Z2-9]{5}$/)
    await shootAll(page, 'verbs-set-password')
    await form.getByLabel('New password').fill(password)
    await form.getByRole('button', { name: 'Continue' }).click()
    const preview = dialog(page, 'Set password: 2 users')
    await expect(preview.getByLabel('SQL')).toContainText('(hidden)', { timeout: 30_000 })
    await expect(preview.getByLabel('And sign out everywhere')).toBeChecked()
    await shootAll(page, 'verbs-password-preview')
    await stage(preview, '2 rows')
    const cell = (await cellOf(page, 'half00002', 'password')).first()
    await expect(cell).toHaveText(/^•••••• \S+ \(new\)$/)
    await cell.click()
    await expect(page.getByRole('menuitem')).toHaveCount(0)
  })

  await test.step('only its scheme stands anywhere on the screen', async () => {
    await page.getByRole('button', { name: 'Show changes' }).click()
    await page.keyboard.press('Control+i')
    const changes = page.getByRole('complementary', { name: 'Changes' })
    await expect(changes.getByText(/•••••• \S+ \(new\)/).first()).toBeVisible()
    await expect(
      page.getByRole('complementary', { name: 'Row' }).getByText(/A new password hash: \S+ \(new\)/),
    ).toBeVisible()
    await shootAll(page, 'verbs-password-staged')
    const shown = await page.content()
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...sessionStorage }, { ...localStorage }, location.href])',
    )
    for (const text of [shown, kept, sent.join(' ')]) {
      expect(text.includes('roster:kept-hash')).toBe(false)
      expect(text.includes(password)).toBe(false)
      expect(text.includes('$argon2')).toBe(false)
    }
    await page.getByRole('button', { name: 'Hide changes' }).click()
    await page.keyboard.press('Control+i')
  })

  await test.step('it is saved with a salt of its own for each, and a new key', async () => {
    await save(page, '2 changes')
    const after = rows("select password, fs_uniquifier as k from auth_user where email like 'half0000%' order by id")
    const hashes = after.map(({ password: hash }) => String(hash)).filter((hash) => hash.startsWith('$'))
    expect(new Set(hashes).size).toBe(2)
    expect(after.filter(({ k }, at) => k !== keysBefore[at]?.k)).toHaveLength(2)
    expect(JSON.stringify(after).includes(password)).toBe(false)
  })

  await test.step('a check tells whether it is the one', async () => {
    await choose(page, 'half00003')
    await verb(page, 'Check a password')
    const check = dialog(page, /^Check a password: row id \d+, “half00003@example.org”$/)
    const answer = check.getByRole('status')
    await check.getByLabel('Password', { exact: true }).fill('correct horse')
    await check.getByRole('button', { name: 'Check' }).click()
    await expect(answer).toContainText(/not|differ/i)
    await check.getByLabel('Password', { exact: true }).fill(password)
    await expect(answer).toHaveText('')
    await check.getByRole('button', { name: 'Check' }).click()
    await expect(answer).toContainText(/match|is the/i)
    await shootAll(page, 'verbs-check')
    await check.getByRole('button', { name: 'Close' }).last().click()
  })

  await test.step('hashing for thousands tells how far it is, and is stopped with nothing staged', async () => {
    await search(page, 'half', '5,000')
    await choose(page, 'half00001')
    await page.keyboard.press('Control+A')
    await verb(page, 'Set password')
    const form = dialog(page, 'Set password: 5,000 users')
    await form.getByLabel('New password').fill('for all of them')
    await form.getByRole('button', { name: 'Continue' }).click()
    await expect(form.getByRole('status')).toContainText(/^[1-9]\d* of 5,000 hashed, about .+ more$/, {
      timeout: 30_000,
    })
    await page.screenshot(shot('verbs-hashing'))
    await form.getByRole('button', { name: 'Stop hashing' }).click()
    await expect(form.getByRole('button', { name: 'Continue' })).not.toHaveAttribute('aria-disabled', 'true')
    await form.getByRole('button', { name: 'Cancel' }).click()
    await expect(page.getByRole('button', { name: /^Save \d/ })).toBeHidden()
    await search(page, 'half0000', '9')
  })

  await test.step('locked, unlocked by a new one, and locked again', async () => {
    for (const round of [1, 2]) {
      await choose(page, 'half00003')
      await verb(page, 'Lock password')
      await stage(dialog(page, 'Lock password: 1 user'), '1 row')
      await expect((await cellOf(page, 'half00003', 'password')).first()).toHaveText('NULL')
      await save(page, '1 change')
      expect(rows("select password from auth_user where email = 'half00003@example.org'")).toEqual([{ password: null }])
      if (round === 2) break
      await verb(page, 'Set password')
      const form = dialog(page, 'Set password: 1 user')
      await form.getByLabel('New password').fill('another')
      await form.getByRole('button', { name: 'Continue' }).click()
      await stage(dialog(page, 'Set password: 1 user'), '1 row')
      await save(page, '1 change')
      expect(rows("select password from auth_user where email = 'half00003@example.org'")[0]?.password).toMatch(/^\$/)
    }
  })
})

test('a new user with a taken email is told so; a duplicate has nothing of its own @browser', async ({
  app: page,
  roster,
}) => {
  const { rows } = await open(
    page,
    roster,
    'flask-security',
    `${FILL};
    update auth_user set username = 'first', us_phone_number = '+1555', tf_totp_secret = 'secret', login_count = 7,
      last_login_ip = '::1', us_totp_secrets = '{}', mf_recovery_codes = '[]', fs_webauthn_user_handle = 'handle',
      tf_primary_method = 'sms', confirmed_at = '2024-01-15 10:20:30.000000' where email = 'half00060@example.org'`,
  )
  await search(page, 'half0006', '10')

  await test.step('new', async () => {
    await choose(page, 'half00061')
    await verb(page, 'New user')
    const form = dialog(page, 'New user')
    const email = form.getByRole('textbox', { name: 'email', exact: true })
    await expect(email).toBeFocused()
    await expect(form.getByRole('textbox', { name: 'fs_uniquifier' })).toHaveValue(/^[0-9a-f]{32}$/)
    await expect(form.getByRole('combobox', { name: 'active' })).toHaveValue('true')
    await email.fill('half00060@example.org')
    await expect(form.getByRole('alert').filter({ hasText: 'half00060@example.org' })).toBeVisible()
    await shootAll(page, 'verbs-new-user')
    await form.getByRole('button', { name: 'Stage the new user' }).click()
    await expect(form).toBeVisible()
    await email.fill('HALF00060@example.org')
    await expect(form.getByText(/Nearly this email is there already/)).toContainText('upper and lower case')
    await email.fill('fresh@example.org')
    await expect(form.getByText(/Nearly this email/)).toBeHidden()
    await form.getByLabel(/^Password \(none/).fill('a first password')
    await expect(form.getByLabel('Hashed as')).toBeVisible()
    await form.getByRole('button', { name: 'Stage the new user' }).click()
    await expect(message(page, 'The new user is staged.')).toBeVisible()
    await save(page, '1 change')
    const [fresh] = rows("select * from auth_user where email = 'fresh@example.org'")
    expect(fresh).toMatchObject({ active: 1n, confirmed_at: null, login_count: null, username: null })
    expect(fresh?.password).toMatch(/^\$/)
    expect(fresh?.fs_uniquifier).toMatch(/^[0-9a-f]{32}$/)
    expect(fresh?.update_datetime).toMatch(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/)
  })

  await test.step('duplicate', async () => {
    await choose(page, 'half00060')
    await verb(page, 'Duplicate')
    const form = dialog(page, /^Duplicate of row id \d+/)
    await expect(form.getByRole('textbox', { name: 'email', exact: true })).toHaveValue('')
    await form.getByRole('button', { name: 'Stage the new user' }).click()
    await expect(form.getByText('email is needed.')).toBeVisible()
    await form.getByRole('textbox', { name: 'email', exact: true }).fill('copy@example.org')
    await form.getByRole('button', { name: 'Stage the new user' }).click()
    await save(page, '1 change')
    const [copy] = rows("select * from auth_user where email = 'copy@example.org'")
    const [source] = rows("select * from auth_user where email = 'half00060@example.org'")
    const own = Object.entries(copy ?? {}).filter(
      ([name, value]) =>
        value !== null &&
        !['id', 'email', 'active', 'fs_uniquifier', 'create_datetime', 'update_datetime'].includes(name),
    )
    expect(own).toEqual([])
    expect(copy?.fs_uniquifier).not.toBe(source?.fs_uniquifier)
    expect(copy?.active).toBe(1n)
  })
})

test('a table of PyDAL is deactivated with F and activated with T', async ({ app: page, roster }) => {
  const { rows } = await open(page, roster, 'pydal')
  const states = () => rows("select active, count(*) as n from auth_user where email = 'alice@example.com' group by 1")
  const [first] = states()
  expect(first).toEqual({ active: 'T', n: 1n })
  await (await cellOf(page, 'alice@example.com', 'email')).first().click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Users' }).click()
  await page.getByRole('menuitem', { name: 'Deactivate…' }).hover()
  await page.screenshot(shot('verbs-cell-menu'))
  await page.getByRole('menuitem', { name: 'Deactivate…' }).click()
  await expect(page.getByRole('list', { name: 'What is touched' })).toContainText(
    "active becomes false (stored as 'F')",
  )
  await stage(dialog(page, 'Deactivate: 1 user'), '1 row')
  await save(page, '1 change')
  expect(states()).toEqual([{ active: 'F', n: 1n }])
  await verb(page, 'Activate')
  await stage(dialog(page, 'Activate: 1 user'), '1 row')
  await save(page, '1 change')
  expect(states()).toEqual([{ active: 'T', n: 1n }])
})

test.describe('on PostgreSQL @browser', () => {
  test.skip(...withoutServer('postgres'))

  test('rows marked for deletion are refused by name, the others are staged and saved', async ({
    page,
    roster,
    server,
  }) => {
    storeProfiles(roster.sample, [profileOf(server)])
    await page.goto(await roster.start())
    await page.getByRole('button', { name: 'Shop on PostgreSQL', exact: true }).click()
    await page.getByRole('link', { name: 'auth_user' }).click()
    await choose(page, 'user2@example.org')
    await page.keyboard.press('Control+-')
    await page.keyboard.press('Control+A')
    await verb(page, 'Deactivate')
    const preview = dialog(page, 'Deactivate: 5 users')
    await expect(preview.getByRole('list', { name: 'Refused rows' })).toContainText(
      'row id 2, active: This row is marked for deletion.',
    )
    await expect(preview.getByRole('list', { name: 'What is touched' })).toContainText(
      '3 rows are changed; 1 is inactive already.',
    )
    await preview.getByLabel('And sign out everywhere').check()
    await expect(preview.getByRole('list', { name: 'What is touched' })).toContainText(
      'fs_uniquifier becomes a new one in each row',
    )
    await shootAll(page, 'verbs-refused')
    await stage(preview, '4 rows')
    await expect(
      message(page, '3 set inactive; 1 was inactive already; 4 signed out everywhere; 1 refused.'),
    ).toBeVisible()
    await page.getByRole('grid').press('Control+s')
    await expect(message(page, 'Saved 5 changes')).toBeVisible()
    const stored = await server.admin(
      'select id, active, fs_uniquifier = md5(id::text) from auth_user order by id',
      server.database,
    )
    expect(stored).toEqual(['1', '3', '4', '5'].map((id) => [id, 'f', 'f']))
  })
})
