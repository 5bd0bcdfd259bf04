// Child processes start with what they need, and know nothing that may be a secret.
import { expect, test } from 'vitest'
import { childEnvironment } from './child-environment.ts'

test('what a program needs is kept, everything else is left out', () => {
  const kept = { PATH: '/bin', HOME: '/home/joe', LC_ALL: 'C', Path: 'C:\\', SystemRoot: 'C:\\Windows', TMPDIR: '/tmp' }
  const left = {
    DB_PASS: 'x',
    DATABASE_URL: 'x',
    PGPASSWORD: 'x',
    MYSQL_PWD: 'x',
    SHOP: 'x',
    NODE_OPTIONS: 'x',
    MY_PATH: 'x',
  }
  expect(childEnvironment({ ...kept, ...left })).toEqual(kept)
})
