// DATABASE_URL: read as libpq reads it where Roster can follow, refused in words where it cannot, secrets never repeated.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDatabaseUrl, UrlProblem } from './database-url.ts'

function problemOf(text: string): string {
  try {
    parseDatabaseUrl(text)
  } catch (error) {
    if (error instanceof UrlProblem) return error.message
    throw error
  }
  throw new Error(`${text} was accepted.`)
}

describe('what is read', () => {
  // The expected parts are those of the real libpq (PQconninfoParse), where it takes the address.
  test.each([
    [
      'postgresql://user:p%40ss@db.example.com:5433/app?sslmode=verify-full&connect_timeout=10',
      { user: 'user', password: 'p@ss', host: 'db.example.com', port: 5433, database: 'app', tls: 'verify' },
    ],
    [
      'postgres://user:pw@db.example.com/app',
      { user: 'user', password: 'pw', host: 'db.example.com', database: 'app' },
    ],
    ['postgresql:///app?host=localhost&port=5433', { host: 'localhost', port: 5433, database: 'app' }],
    ['postgresql://[2001:db8::1]:5433/app', { host: '2001:db8::1', port: 5433, database: 'app' }],
    [
      'postgresql://user:p%40ss%2Fw%3Ard%25@db/app',
      { user: 'user', password: 'p@ss/w:rd%', host: 'db', database: 'app' },
    ],
    ['postgresql://user:@db/app', { user: 'user', password: '', host: 'db', database: 'app' }],
    ['postgresql://user@db/app', { user: 'user', host: 'db', database: 'app' }],
    ['postgresql://db', { host: 'db' }],
    ['postgresql://u:p@db/my%20db', { user: 'u', password: 'p', host: 'db', database: 'my db' }],
    ['postgresql://u:a+b@db/a#b', { user: 'u', password: 'a+b', host: 'db', database: 'a#b' }],
    ['postgresql://u:a:b@db/app', { user: 'u', password: 'a:b', host: 'db', database: 'app' }],
    ['postgresql:///?user=u&password=&dbname=app', { user: 'u', password: '', database: 'app' }],
  ])('%s', (text, expected) => {
    const { notes, ...parts } = parseDatabaseUrl(text)
    expect(parts).toEqual({ dialect: 'postgres', ...expected })
    expect(notes.filter(({ tone }) => tone !== 'note')).toEqual([])
  })

  test('mysql', () => {
    expect(parseDatabaseUrl('mysql://root:s%23cret@127.0.0.1:3307/shop?charset=utf8mb4')).toEqual({
      ...{ dialect: 'mysql', user: 'root', password: 's#cret', host: '127.0.0.1', port: 3307, database: 'shop' },
      notes: [{ tone: 'note', text: 'charset is not used: Roster reads and writes utf8mb4.' }],
    })
    expect(parseDatabaseUrl('mariadb://u@h/d?ssl-mode=VERIFY_IDENTITY')).toMatchObject({
      dialect: 'mysql',
      tls: 'verify',
    })
  })

  test('TLS modes are taken exactly; what leaves something open is said, and not decided', () => {
    expect(parseDatabaseUrl('postgresql://h/d?sslmode=require')).toMatchObject({ tls: 'require', notes: [] })
    expect(parseDatabaseUrl('postgresql://h/d?sslmode=verify-ca')).toMatchObject({ tls: 'verify-ca', notes: [] })
    expect(parseDatabaseUrl('postgresql://h/d?ssl=true')).toMatchObject({ tls: 'require' })
    expect(parseDatabaseUrl('mysql://h/d?ssl=true')).toMatchObject({ tls: 'verify' })
    const open = parseDatabaseUrl('postgresql://h/d?sslmode=prefer')
    expect(open).toMatchObject({
      notes: [{ tone: 'warn', text: expect.stringContaining('leaves it to chance') as string }],
    })
    expect(open).not.toHaveProperty('tls')
    expect(problemOf('postgresql://h/d?sslmode=no-verify')).toContain('sslmode')
  })

  test('no TLS is taken on this machine, and wants consent for any other', () => {
    expect(parseDatabaseUrl('postgresql://localhost/d?sslmode=disable')).toMatchObject({ tls: 'off', notes: [] })
    const text = 'postgresql://h/d?sslmode=disable'
    const first = parseDatabaseUrl(text)
    expect(first).toMatchObject({ tls: 'verify' })
    expect(first.dangers).toMatchObject([{ setting: 'sslmode', value: 'disable', canConsent: true }])
    const ids = (first.dangers ?? []).map(({ id }) => id)
    expect(parseDatabaseUrl(text, new Set(ids))).toMatchObject({ tls: 'off' })
  })

  test('files of certificates are taken after consent', () => {
    const text = 'postgresql://h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem'
    const first = parseDatabaseUrl(text)
    expect(first).toMatchObject({ tls: 'verify', dangers: [{ setting: 'sslrootcert', value: '/etc/ca.pem' }] })
    expect(first).not.toHaveProperty('tlsFiles')
    const ids = (first.dangers ?? []).map(({ id }) => id)
    expect(parseDatabaseUrl(text, new Set(ids))).toMatchObject({ tlsFiles: { ca: '/etc/ca.pem', key: null } })
  })

  test('several hosts, and a socket in its usual place', () => {
    expect(parseDatabaseUrl('postgres://user@h1:5432,h2:5433/app')).toMatchObject({
      host: 'h1',
      port: 5432,
      notes: [{ tone: 'warn' }],
    })
    expect(parseDatabaseUrl('mysql://user@h1,h2:3307/app')).toMatchObject({
      host: 'h1',
      nodes: [{ host: 'h2', port: 3307 }],
    })
    for (const text of ['postgresql://%2Fvar%2Frun%2Fpostgresql/app', 'postgresql:///app?host=/var/run/postgresql'])
      expect(parseDatabaseUrl(text)).toMatchObject({ host: '/var/run/postgresql', database: 'app' })
    expect(parseDatabaseUrl('postgresql:///app?host=/home/eve')).not.toHaveProperty('host')
  })

  test('a setting that is not known is named and left out', () => {
    const { notes } = parseDatabaseUrl('postgresql://h/d?search_path=tenant_b')
    expect(notes).toEqual([{ tone: 'warn', text: 'The setting “search_path” is not known and was left out.' }])
  })
})

describe('what is refused', () => {
  test.each([
    ['', 'begin'],
    ['host=localhost dbname=app', 'blank'],
    ['POSTGRESQL://h/d', 'POSTGRESQL://'],
    ['postgresql+psycopg2://u:p@h/d', 'postgresql+psycopg2://'],
    ['sqlite:///x.db', 'sqlite://'],
    ['file:///etc/passwd', 'file://'],
    ['__proto__://h/d', 'begin'],
    ['constructor://h/d', 'constructor://'],
    ['postgresql://user:100%@db/app', '%25'],
    ['postgresql://user:a%00b@db/app', 'control'],
    ['postgresql://user:%ff@db/app', 'UTF-8'],
    ['postgresql://h/a%0Ab', 'control'],
    ['postgresql://h/d\nx', 'control'],
    ['postgresql://h:0/d', 'port'],
    ['postgresql://h:65536/d', 'port'],
    ['postgresql://h:5432x/d', 'port'],
    ['postgresql://[::1/d', 'host'],
    ['postgresql://[evil]/d', 'IPv6'],
    ['postgresql://a:b:c/d', 'port'],
    ['postgresql://db/app?host=evil', 'twice'],
    ['postgresql://db:5432/app?port=6666', 'twice'],
    ['postgresql://u@db/app?user=other', 'twice'],
    ['postgresql://h/d?host=h2', 'twice'],
    ['postgresql:///d?host=h1&host=h2', 'twice'],
    ['postgresql://h/d?x', 'without'],
    ['postgresql://h/d?=x', 'without'],
    [`postgresql://h/${'d'.repeat(5000)}`, 'longer'],
  ])('%s', (text, words) => {
    expect(problemOf(text)).toContain(words)
  })

  test.each(
    (
      'hostaddr service servicefile passfile sslkey sslcert sslrootcert sslcrl sslpassword options replication load_balance_hosts ' +
      'channel_binding require_auth multipleStatements multi-statements enableCleartextPlugin ssl-ca socketPath unix_socket ' +
      'flags authPlugins infileStreamFactory allowLocalInfile insecureAuth init_command read_default_file __proto__ constructor stream uri'
    ).split(' '),
  )('the setting %s', (key) => {
    expect(problemOf(`mysql://h/d?${key}=1`)).toMatch(/refused/)
    expect(problemOf(`postgresql://h/d?${encodeURIComponent(key.toUpperCase())}=1`)).toMatch(/refused/)
  })
  test('TLS as an object', () => {
    expect(problemOf('mysql://h/d?ssl={"rejectUnauthorized":false}')).toContain('refused')
  })
})

test('whatever stands where a password may be is never repeated', () => {
  const pieces = fc.array(
    fc.constantFrom('CANARY', '@', ':', '/', '?', '#', '%', '%4', '[', ']', ',', '&', '=', ' ', '12'),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  fc.assert(
    fc.property(fc.constantFrom('postgresql', 'mysql'), pieces, (scheme, password) => {
      try {
        const url = parseDatabaseUrl(`${scheme}://user:${password.join('')}@db.example.com/app`)
        const { password: kept, ...rest } = url
        expect(JSON.stringify(rest)).not.toContain('CANARY')
        expect(rest).toMatchObject({ user: 'user', host: 'db.example.com', database: 'app' })
        expect(kept).toBeDefined()
      } catch (error) {
        if (!(error instanceof UrlProblem)) throw error
        expect(error.message).not.toContain('CANARY')
      }
    }),
    { seed: 4, numRuns: 3000 },
  )
})

test('what is shown is what was written, for every password and name', () => {
  const text = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 40 })
    .filter((each) => !/\p{Cc}/u.test(each) && each.isWellFormed())
  fc.assert(
    fc.property(text, text, text, (user, password, database) => {
      const [u, p, d] = [user, password, database].map(encodeURIComponent)
      const { notes, ...parts } = parseDatabaseUrl(`postgresql://${u}:${p}@db.example.com:5433/${d}`)
      expect(parts).toEqual({ dialect: 'postgres', user, password, database, host: 'db.example.com', port: 5433 })
      expect(notes).toEqual([])
    }),
    { seed: 4, numRuns: 500 },
  )
})
