// What is said of users that the owners' own libraries have written, row by row; and schemes are weak here as they are in core.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { WEAK_SCHEMES } from '../../shared/scheme-words.ts'
import type { Weight } from '../../shared/email-checks.ts'
import { userProblems } from '../../shared/user-checks.ts'
import { SCHEMES } from '../scheme-forms.ts'
import { openFile } from '../tables/engines.test-setup.ts'

const fixtures = join(import.meta.dirname, '../../../e2e/fixtures')
const told = z.object({ id: z.string(), tags: z.array(z.string()) })

type Said = Record<string, Weight[]>

const notAddresses = ['null-text', 'null-n', 'number-text', 'exp-text', 'bool-text', 'empty']
const blankWithin = ['nbsp', 'ls', 'sql', 'html-img']
const withControls = ['tab', 'newline', 'crlf', 'cr']
const all = (tags: readonly string[], weights: Weight[]): Said => Object.fromEntries(tags.map((tag) => [tag, weights]))

/** What is said of an email, by why its row exists; of all that is not named here nothing. */
const EMAILS: Said = {
  ...all([...notAddresses, ...blankWithin, 'space-lead', 'space-trail'], ['breaks']),
  ...all(withControls, ['breaks', 'odd']),
  ...all(['bom'], ['breaks', 'odd']),
  ...all(['csv-eq', 'csv-plus', 'csv-at', 'json'], ['breaks', 'breaks']),
  ...all(['csv-tab'], ['breaks', 'breaks', 'odd']),
  ...all(['emoji-zwj', 'rtl-override', 'zero-width', 'ctrl'], ['odd']),
  ...all(['len-255', 'len-255-2byte', 'len-255-4byte'], ['odd']),
  ...all(['case-2', 'case-3', 'umlaut-nfd', 'combining-stack'], ['odd']),
}
/** Flask-Security composes what is typed before it is looked up. */
const NEVER_FOUND = all(['umlaut-nfd', 'combining-stack'], ['breaks'])

function ofEmail(owner: string, tag: string, email: unknown): Weight[] {
  if (owner === 'flask-security') return NEVER_FOUND[tag] ?? EMAILS[tag] ?? []
  if (owner !== 'web2py') return EMAILS[tag] ?? []
  if (tag.startsWith('case-')) return ['odd']
  // Its form writes small letters.
  const isLow = typeof email !== 'string' || email.toLowerCase() === email
  return [...(EMAILS[tag] ?? []), ...(isLow ? [] : ['odd' as const])]
}

const PASSWORDS: Said = {
  ...all(['null'], ['odd']),
  ...all(['empty', 'locked', 'star', 'len-255', 'nl-end', 'unicode', 'quote', 'fs-plaintext'], ['breaks']),
  ...all(['fs-des_crypt-hmac', 'fs-des_crypt-single'], ['odd']),
  ...all(['crypt-sha512', 'crypt-sha1', 'crypt-md5-nosalt', 'crypt-sha512-key'], ['odd']),
}
/** A model for Flask-Security, which would take these for passwords in clear; nothing shows whether it is used. */
const MAYBE_CLEAR = /^(werkzeug|crypt)-/

const ofPassword = (owner: string, tag: string): Weight[] =>
  ['sqlalchemy', 'alembic'].includes(owner) && MAYBE_CLEAR.test(tag) ? ['odd'] : (PASSWORDS[tag] ?? [])

const DATES: Said = {
  ...all(['julian-gap', 'y1000', 'y0001', 'y0099'], ['odd']),
  ...all(['int32-max', 'int32-max+1', 'uint32-max', 'y2100-no-leap', 'far', 'far-micro'], ['odd']),
}

const short = ['flask-security', 'web2py', 'gorm']
const sets = process.env.VERIFY === 'full' ? [...short, 'sqlalchemy', 'alembic', 'pydal', 'py4web'] : short

it.each(sets)('of %s', async (name) => {
  const opened = await openFile('', { from: join(fixtures, `${name}-sqlite.db`) })
  try {
    const { api, profileId } = opened
    const description = await api.tables.describe({ profileId, table: 'auth_user' })
    const view = { profileId, table: 'auth_user', sort: null, filter: null }
    const page = await api.tables.page({ view, place: { kind: 'first' }, limit: 1000 })
    const lines = readFileSync(join(fixtures, `${name}-sqlite.expected.jsonl`), 'utf8')
      .trim()
      .split('\n')
    const tags = new Map(lines.map((line) => told.parse(JSON.parse(line))).map((row) => [row.id, row.tags]))
    const said: unknown[] = []
    const expected: unknown[] = []
    page.rows.forEach((cells, at) => {
      const id = String(page.keys[at]?.[0])
      const shown = (column: string) => cells[page.columns.indexOf(column)]
      const found = userProblems(description, shown, '2026-01-01T00:00:00.000Z')
      const of = (column: string) => found.filter((one) => one.column === column).map(({ weight }) => weight)
      const [email = '', date = '', password = ''] = tags.get(id) ?? []
      const hasDate = page.columns.includes('confirmed_at')
      said.push([id, email, of('email'), password, of('password'), date, of('confirmed_at')])
      const expectedDate = hasDate ? (DATES[date.replace(/@.*/, '')] ?? []) : []
      const mail = ofEmail(name, email, shown('email'))
      expected.push([id, email, mail, password, ofPassword(name, password), date, expectedDate])
    })
    expect(said).toEqual(expected)
    expect(said.length).toBeGreaterThan(100)
  } finally {
    await opened.close()
  }
})

it('knows the schemes of which every hash is weak', () => {
  const weak = SCHEMES.flatMap(({ name, weak: how }) => (how && !how.form ? [name] : []))
  expect(Object.keys(WEAK_SCHEMES).sort()).toEqual(weak.sort())
})
