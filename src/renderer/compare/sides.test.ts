// Which table of another database is proposed to compare with.
import { expect, test } from 'vitest'
import { likelyTable } from './sides.ts'

test.each([
  [['archive.auth_user', 'app.auth_user'], 'app.auth_user', 'app.auth_user'],
  [['archive.auth_user', 'auth_user'], 'auth_user', 'auth_user'],
  [['archive.auth_user'], 'auth_user', 'archive.auth_user'],
  [['orders', 'Users'], 'auth_user', 'Users'],
  [['orders'], 'auth_user', null],
])('of %j for %s: %s', (names, name, found) => {
  const tables = names.map((each) => ({ name: each }))
  expect(likelyTable(tables, name)).toBe(found)
})
