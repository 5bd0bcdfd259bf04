// Settings that would send a password elsewhere, read files, weaken a login or run statements: never followed, or only after consent.
import { describe, expect, test } from 'vitest'
import { connectionFormat, type ConnectionFormat } from '../../../shared/connection-strings.ts'
import { readOne } from './formats.ts'
import { NEVER_FOLLOWED, plainName } from './settings-known.ts'
import type { Understood } from './understand.ts'
import { valuesOf } from './words.ts'

const EVIL = 'evil.example.org'
const TEXTS: Partial<Record<ConnectionFormat, (settings: string) => string>> = {
  sqlalchemy: (settings) => `postgresql+psycopg2://u:pw@db.example.com:5432/app?${settings}`,
  pydal: (settings) => `mysql://u:pw@db.example.com:3306/app?${settings}`,
  'gorm-postgres': (settings) => `postgres://u:pw@db.example.com:5432/app?${settings}`,
  'gorm-mysql': (settings) => `u:pw@tcp(db.example.com:3306)/app?${settings}`,
  'mysql-url': (settings) => `mysql://u:pw@db.example.com:3306/app?${settings}`,
}
const JDBC = ['postgresql', 'mysql', 'mariadb'].map(
  (kind) => (settings: string) => `jdbc:${kind}://db.example.com/app?user=u&password=pw&${settings}`,
)

function read(format: ConnectionFormat, text: string, accepted: Iterable<string> = []): Understood {
  const { usable, refused } = readOne(format, text, new Set(accepted))
  if (!usable[0]) throw new Error(refused[0]?.why)
  return usable[0].understood
}
const idsOf = ({ dangers }: Understood) => dangers.map(({ id }) => id)
/** The parts that decide where a connection goes, and how. */
const address = ({ host, port, user, password, database, tls, tlsFiles, fetchServerKey, nodes }: Understood) => ({
  ...{ host, port, user, password, database, tls, tlsFiles, fetchServerKey, nodes },
})

/** As libraries write them, and as nobody does. */
const HOSTILE = [...new Set(NEVER_FOLLOWED)].flatMap((name) => [name])

test('two hundred names, and more', () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(200)
})

const plain = Object.fromEntries(
  Object.entries(TEXTS).map(([format, text]) => [format, address(read(format as ConnectionFormat, text('')))]),
)

test.each([
  ['letters of another alphabet', 'ex\u0430mple.com', 'xn--exmple-4nf.com'],
  ['wide letters', '\uFF45vil.example', 'evil.example'],
  ['a number in a circle', '\u246F.com', '16.com'],
])('a host with %s is shown as it is looked up', (_what, host, lookedUp) => {
  const said = (name: string) => read('mysql-url', `mysql://u:pw@${name}/app`).notes.map(({ text }) => text)
  expect(said(host)).toEqual([expect.stringContaining(`It is looked up as ${lookedUp}:`)])
  expect(said('db.example.com,good')).toEqual([])
  expect(said(`db.example.com,${host}`)).toEqual([expect.stringContaining(lookedUp)])
})

test.each(HOSTILE)('%s is left out, named, and cannot be agreed to', (key) => {
  for (const [name, text] of Object.entries(TEXTS)) {
    const format = name as ConnectionFormat
    const hostile = text(`${key}=${EVIL}`)
    if (format === 'gorm-mysql' && readOne(format, hostile, new Set()).usable.length === 0) continue
    const first = read(format, hostile)
    expect(first.dangers).toContainEqual(expect.objectContaining({ setting: key, canConsent: false }))
    for (const understood of [first, read(format, hostile, idsOf(first))]) {
      expect(address(understood)).toEqual(plain[format])
      expect(JSON.stringify(valuesOf(understood, 'text'))).not.toContain(EVIL)
    }
  }
  for (const text of JDBC) {
    const first = read('jdbc', text(`${key}=${EVIL}`))
    const before = address(read('jdbc', text('')))
    expect(first.dangers).toContainEqual(expect.objectContaining({ setting: key, canConsent: false }))
    expect(address(read('jdbc', text(`${key}=${EVIL}`), idsOf(first)))).toEqual(before)
  }
})

test.each([
  ...[
    'init_command',
    'initCommand',
    'INIT-COMMAND',
    'options',
    'sessionVariables',
    'connectionInitSql',
    'sql_mode',
    'driver',
  ],
  ...['socketFactory', 'autoDeserialize', 'allowLoadLocalInfile', 'multiStatements', 'allowCleartextPasswords'],
  ...[
    'enableCleartextPlugin',
    'service',
    'passfile',
    'servicefile',
    '__proto__',
    'constructor',
    'read_default_file',
    'local_infile',
  ],
])('%s however it is spelled', (key) => {
  expect(HOSTILE).toContain(plainName(key))
})

describe('what GORM’s drivers do not know', () => {
  test('is run as SET by go-sql-driver, and never here', () => {
    for (const key of ['sql_mode', 'foreign_key_checks', 'host', 'whatever', 'application_name', 'sslmode']) {
      const understood = read('gorm-mysql', `u@tcp(h:1)/d?${key}=x`.replace('sslmode=x', 'sslmode=require'))
      expect(understood.dangers).toMatchObject([{ setting: key, canConsent: false }])
      expect(understood.host).toBe('h')
    }
  })
  test('is set in the session by pgx, and never here', () => {
    const { dangers } = read('gorm-postgres', 'host=h user=u dbname=d search_path=evil work_mem=9')
    expect(dangers).toMatchObject([
      { setting: 'search_path', canConsent: false },
      { setting: 'work_mem', canConsent: false },
    ])
  })
})

describe('after consent alone', () => {
  /** Setting, form, what it changes; without consent the address is as it is without the setting, or stronger. */
  test.each<[string, ConnectionFormat, string, object, object]>([
    ['another host', 'libpq-url', 'postgresql://u@good/d?host=evil', { host: 'good' }, { host: 'evil' }],
    ['another host', 'sqlalchemy', 'postgresql://u@good/d?host=evil', { host: 'good' }, { host: 'evil' }],
    ['another host', 'gorm-postgres', 'postgres://u@good/d?host=evil', { host: 'good' }, { host: 'evil' }],
    ['another host', 'jdbc', 'jdbc:postgresql://good/d?PGHOST=evil', { host: 'good' }, { host: 'evil' }],
    ['another host', 'mysql-url', 'mysql://u@good/d?host=evil', { host: 'good' }, { host: 'evil' }],
    ['another port', 'libpq-url', 'postgresql://u@good:5432/d?port=1', { port: 5432 }, { port: 1 }],
    ['another user', 'libpq-url', 'postgresql://u@good/d?user=root', { user: 'u' }, { user: 'root' }],
    [
      'another password',
      'libpq-url',
      'postgresql://u:one@good/d?password=two',
      { password: 'one' },
      { password: 'two' },
    ],
    ['another database', 'libpq-url', 'postgresql://u@good/d?dbname=e', { database: 'd' }, { database: 'e' }],
    ['another address', 'libpq-keywords', 'host=good hostaddr=10.6.6.6', { host: 'good' }, { host: '10.6.6.6' }],
    ['an odd socket', 'libpq-url', 'postgresql://u@/d?host=/home/eve', { host: undefined }, { host: '/home/eve' }],
    ['an odd socket', 'libpq-url', 'postgresql://u@%2Fhome%2Feve,other/d', { host: undefined }, { host: '/home/eve' }],
    ['an odd socket', 'sqlalchemy', 'mysql://u@h/d?unix_socket=/home/eve', { host: 'h' }, { host: '/home/eve' }],
    ['an odd socket', 'gorm-mysql', 'u@unix(/home/eve)/d', { host: undefined }, { host: '/home/eve' }],
    ['no TLS', 'libpq-url', 'postgresql://u@h/d?sslmode=disable', { tls: 'verify' }, { tls: 'off' }],
    ['no TLS', 'jdbc', 'jdbc:postgresql://h/d?ssl=false', { tls: 'verify' }, { tls: 'off' }],
    ['no TLS', 'jdbc', 'jdbc:mysql://h/d?useSSL=false', { tls: 'verify' }, { tls: 'off' }],
    ['no TLS', 'gorm-mysql', 'u@tcp(h)/d?tls=false', { tls: 'verify' }, { tls: 'off' }],
    ['no check', 'gorm-mysql', 'u@tcp(h)/d?tls=skip-verify', { tls: 'verify' }, { tls: 'require' }],
    [
      'no check',
      'jdbc',
      'jdbc:mariadb://h/d?useSsl=true&trustServerCertificate=true',
      { tls: 'verify' },
      { tls: 'require' },
    ],
    [
      'no check',
      'jdbc',
      'jdbc:postgresql://h/d?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory',
      { tls: 'verify' },
      { tls: 'require' },
    ],
    [
      'no check of the name',
      'sqlalchemy',
      'mysql://h/d?ssl_ca=/ca&ssl_check_hostname=false',
      { tls: 'verify', tlsFiles: undefined },
      { tls: 'verify-ca' },
    ],
    [
      'authorities',
      'libpq-url',
      'postgresql://h/d?sslmode=verify-ca&sslrootcert=/ca',
      { tls: 'verify-ca', tlsFiles: undefined },
      { tlsFiles: { ca: '/ca' } },
    ],
    [
      'a key',
      'libpq-keywords',
      'host=h sslmode=verify-full sslcert=/c sslkey=/k sslpassword=canary',
      { tlsFiles: undefined },
      { tlsFiles: { certificate: '/c', key: '/k', secret: { kind: 'ask' } } },
    ],
    [
      'the server’s key',
      'jdbc',
      'jdbc:mysql://h/d?allowPublicKeyRetrieval=true',
      { fetchServerKey: undefined },
      { fetchServerKey: true },
    ],
  ])('%s (%s): %s', (_what, format, text, before, after) => {
    const first = read(format, text)
    expect(first).toMatchObject(Object.fromEntries(Object.entries(before).filter(([, value]) => value !== undefined)))
    for (const [part, value] of Object.entries(before)) if (value === undefined) expect(first).not.toHaveProperty(part)
    expect(first.dangers.length).toBeGreaterThan(0)
    expect(first.dangers.every(({ canConsent }) => canConsent)).toBe(true)
    expect(read(format, text, idsOf(first))).toMatchObject(after)
    expect(JSON.stringify([first.dangers, first.notes])).not.toContain('canary')
  })

  test('consent to one value is none to another, nor to the same value of another setting', () => {
    const ids = idsOf(read('libpq-url', 'postgresql://u@good/d?host=mirror'))
    expect(read('libpq-url', 'postgresql://u@good/d?host=evil', ids).host).toBe('good')
    expect(read('libpq-url', 'postgresql://u@good/d?hostaddr=10.0.0.1', ids).host).toBe('good')
    expect(ids.join()).not.toContain('mirror')
  })

  test('files without a full path, and texts in place of files, cannot be agreed to', () => {
    for (const value of [
      'ca.pem',
      '~/ca.pem',
      '../ca.pem',
      '-----BEGIN CERTIFICATE-----',
      '//host/share/ca.pem',
      '\\\\host\\ca.pem',
    ]) {
      const text = `postgresql://h/d?sslmode=require&sslrootcert=${encodeURIComponent(value)}`
      const understood = read('libpq-url', text)
      expect(understood.dangers).toMatchObject([{ setting: 'sslrootcert', canConsent: false }])
      expect(read('libpq-url', text, idsOf(understood))).not.toHaveProperty('tlsFiles')
    }
  })
})

describe('TLS', () => {
  test.each<[ConnectionFormat, string, string | undefined]>([
    ['libpq-url', 'postgresql://h/d?sslmode=allow', undefined],
    ['libpq-url', 'postgresql://h/d?sslmode=prefer', undefined],
    ['libpq-url', 'postgresql://h/d?sslmode=require', 'require'],
    ['libpq-url', 'postgresql://h/d?sslmode=verify-ca', 'verify-ca'],
    ['libpq-url', 'postgresql://h/d?sslmode=verify-full', 'verify'],
    ['libpq-url', 'postgresql://h/d?ssl=true', 'require'],
    ['libpq-url', 'postgresql://h/d?sslmode=require&sslrootcert=/ca', 'verify-ca'],
    ['libpq-url', 'postgresql://h/d?sslrootcert=system', 'verify'],
    ['libpq-url', 'postgresql://localhost/d?sslmode=disable', 'off'],
    ['libpq-url', 'postgresql://h/d?sslmode=verify-full&sslmode=disable', 'verify'],
    ['libpq-keywords', 'host=h requiressl=1', 'require'],
    ['sqlalchemy', 'postgresql+asyncpg://h/d?ssl=require', 'require'],
    ['sqlalchemy', 'mysql+mysqldb://h/d?ssl_mode=VERIFY_IDENTITY', 'verify'],
    ['sqlalchemy', 'mysql+pymysql://h/d?ssl_ca=/ca.pem', 'verify'],
    ['sqlalchemy', 'mysql+pymysql://h/d?ssl_verify_cert=true', 'verify-ca'],
    ['sqlalchemy', 'mysql+pymysql://h/d?ssl_verify_cert=true&ssl_verify_identity=true', 'verify'],
    ['gorm-mysql', 'u@tcp(h)/d?tls=true', 'verify'],
    ['gorm-mysql', 'u@tcp(h)/d?tls=preferred', undefined],
    ['gorm-mysql', 'u@tcp(h)/d?tls=custom', 'verify'],
    ['jdbc', 'jdbc:postgresql://h/d?ssl', 'verify'],
    ['jdbc', 'jdbc:postgresql://h/d?ssl=true&sslmode=require', 'verify'],
    ['jdbc', 'jdbc:mysql://h/d?sslMode=PREFERRED', undefined],
    ['jdbc', 'jdbc:mysql://h/d?sslMode=VERIFY_CA', 'verify-ca'],
    ['jdbc', 'jdbc:mysql://h/d?useSSL=true', 'require'],
    ['jdbc', 'jdbc:mysql://h/d?useSSL=true&verifyServerCertificate=true', 'verify-ca'],
    ['jdbc', 'jdbc:mariadb://h/d?sslMode=trust', 'require'],
    ['jdbc', 'jdbc:mariadb://h/d?useSsl=true', 'verify'],
    ['mysql-url', 'mysql://h/d?ssl-mode=REQUIRED', 'require'],
    ['mysql-url', 'mysql://h/d?ssl=%7B%22rejectUnauthorized%22%3Afalse%7D', 'verify'],
    ['mysql-url', 'mysql://h/d', undefined],
  ])('%s %s', (format, text, tls) => {
    const understood = read(format, text)
    expect(understood.tls).toBe(tls)
    if (/allow|prefer/i.test(text)) expect(JSON.stringify(understood.notes)).toContain('leaves it to chance')
  })

  test('a mode that is none is refused', () => {
    for (const format of ['libpq-url', 'sqlalchemy'] as const)
      expect(() => read(format, 'postgresql://h/d?sslmode=verify-nothing')).toThrow('sslmode')
  })
})

test('several hosts', () => {
  const galera = {
    host: 'a',
    port: 3306,
    nodes: [
      { host: 'b', port: 3307 },
      { host: '::1', port: 3306 },
    ],
  }
  expect(read('jdbc', 'jdbc:mariadb:sequential://a:3306,b:3307,[::1]/d')).toMatchObject(galera)
  expect(read('jdbc', 'jdbc:mysql://a:3306,b:3307,[::1]/d')).toMatchObject(galera)
  expect(read('jdbc', 'jdbc:mysql://u:p@[a:3306,address=(host=b)(port=3307),(host=::1)]/d')).toMatchObject({
    ...galera,
    user: 'u',
  })
  expect(
    read('jdbc', 'jdbc:mariadb://address=(host=a)(port=3306)(type=primary),address=(host=b)(port=3307),[::1]/d'),
  ).toMatchObject(galera)
  const many = Array.from({ length: 20 }, (_, at) => `h${at}`).join(',')
  const understood = read('mysql-url', `mysql://${many}/d`)
  expect(understood.nodes).toHaveLength(15)
  expect(understood.notes).toMatchObject([{ tone: 'bad' }])
  for (const [format, text] of [
    ['libpq-url', 'postgresql://a:1,b:2/d'],
    ['libpq-keywords', 'host=a,b port=1,2'],
    ['gorm-postgres', 'host=a,b port=1,2'],
    ['jdbc', 'jdbc:postgresql://a:1,b:2/d'],
    ['sqlalchemy', 'postgresql://@/d?host=a:1&host=b:2'],
  ] as const) {
    const one = read(format, text)
    expect(one).toMatchObject({ host: 'a', port: 1, nodes: [] })
    expect(one.notes).toContainEqual({
      tone: 'warn',
      text: 'It names several hosts. The first one is used; b:2 is left out.',
    })
  }
})

test('every setting of a text is in a line, a note or a danger', () => {
  for (const format of connectionFormat.options) {
    const text = TEXTS[format]
    if (!text) continue
    const { notes, dangers } = read(format, text('charset=x&my_own_thing=y&init_command=z&compress=true'))
    const told = JSON.stringify([notes, dangers])
    for (const name of ['charset', 'my_own_thing', 'init_command', 'compress']) expect(told).toContain(name)
  }
})

test('to pgx, names in other letters are settings of the session, and no address', () => {
  const first = read('gorm-postgres', 'Host=evil.example.org dbname=d SSLMode=disable user=u')
  expect(first.dangers).toMatchObject([
    { setting: 'Host', canConsent: false },
    { setting: 'SSLMode', canConsent: false },
  ])
  const { host, tls } = read('gorm-postgres', 'Host=evil.example.org dbname=d SSLMode=disable user=u', idsOf(first))
  expect([host, tls]).toEqual([undefined, undefined])
})

test('an address for each of several hosts is one that needs consent', () => {
  const text = 'host=h1,h2 hostaddr=10.0.0.1,10.0.0.2 dbname=d user=u'
  const first = read('libpq-keywords', text)
  expect(first.host).toBe('h1')
  expect(read('libpq-keywords', text, idsOf(first)).host).toBe('10.0.0.1')
  expect(read('libpq-keywords', 'host=h hostaddr=10.0.0.1,x dbname=d').dangers).toMatchObject([{ canConsent: false }])
})

test('libpq splits the hosts that SQLAlchemy hands on to it', () => {
  const { host, port, notes } = read('sqlalchemy', 'postgresql+psycopg2://u:p@h1,h2:5433/d')
  expect([host, port]).toEqual(['h1', 5433])
  expect(notes.map(({ text }) => text)).toEqual(['It names several hosts. The first one is used; h2:5433 is left out.'])
  expect(() => read('sqlalchemy', 'mysql+pymysql://u:p@h1,h2/d')).toThrow('cannot have')
})

test('what is easily taken for something else is said', () => {
  const said = (format: ConnectionFormat, text: string) => read(format, text).notes.map((note) => note.text)
  const blank = "Blanks behind password= are skipped: what follows is its value. An empty one is written as ''."
  expect(said('libpq-keywords', 'host=h user=u password= dbname=d')).toContain(blank)
  expect(said('gorm-postgres', 'host=h user=u password= dbname=d TimeZone=UTC')).toContain(blank)
  expect(said('libpq-keywords', "host = h user=u password='' dbname='a= b= c'")).toEqual([])
  const written = 'go-sql-driver takes the password as it is written, with its %.'
  expect(said('gorm-mysql', 'u:p%40x@tcp(h)/d')).toContain(written)
  expect(() => read('sqlalchemy', 'sqlite+pysqlcipher://:pw@/a.db')).toThrow('SQLCipher')
})

test('a text without a word about TLS says that the form begins without', () => {
  const values = valuesOf(read('libpq-url', 'postgresql://u@h/d'), 'text')
  expect(values.at(-1)).toEqual({ setting: 'TLS', value: 'off', source: 'not said; to be chosen in the form' })
})
