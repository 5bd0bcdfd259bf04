// Every example of the interop reference comes out as the library's own parser says; where a text means two things, that is shown.
import { readFileSync } from 'node:fs'
import { isAbsolute, join, posix } from 'node:path'
import { expect, test } from 'vitest'
import { FORMAT_NAMES, type ConnectionFormat } from '../../../shared/connection-strings.ts'
import { parseAs, readAll, readOne } from './formats.ts'
import { lastOf, StringProblem, type Option, type Parsed } from './parsed.ts'
import type { Understood } from './understand.ts'
import { differences } from './words.ts'

interface Example {
  id: string
  format: string
  input: string
  note: string
  parse?: Record<string, unknown>
  error?: string
  driver_arguments?: { args: string[]; kwargs: Record<string, unknown> }
}
const file = join(import.meta.dirname, '../../../../e2e/fixtures/connection-strings.json')
const examples = JSON.parse(readFileSync(file, 'utf8')) as Example[]

function formatOf({ format, input }: Example): ConnectionFormat {
  if (format === 'libpq') return /^postgres(ql)?:/.test(input) ? 'libpq-url' : 'libpq-keywords'
  if (format === 'pgx') return 'gorm-postgres'
  return format === 'go-mysql' ? 'gorm-mysql' : (format as ConnectionFormat)
}

/** Several under one name are a list, as SQLAlchemy has them. */
function asObject(options: readonly Option[]): Record<string, unknown> {
  const all = Map.groupBy(options, ({ key }) => key)
  return Object.fromEntries(
    [...all].map(([key, said]) => [key, said.length > 1 ? said.map(({ value }) => value) : said[0]?.value]),
  )
}
const orNull = (text: string | undefined) => (text === undefined || text === '' ? null : text)
const join2 = (parsed: Parsed, part: 'host' | 'port') => parsed.places.map((place) => place[part] ?? '').join(',')
const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)

/** What was parsed, in the words of each reference parser; keys that a parser has and that say nothing here are left out. */
const VIEWS: Record<string, (parsed: Parsed, example: Example) => Record<string, unknown>> = {
  sqlalchemy: (parsed, { input }) => ({
    dialect: /^\w+/.exec(input)?.[0],
    driver: parsed.driver,
    user: parsed.user,
    password: parsed.password,
    host: orNull(parsed.places[0]?.host),
    port: parsed.places[0]?.port == null ? null : Number(parsed.places[0].port),
    database: parsed.database,
    options: asObject(parsed.options),
  }),
  pydal: (parsed, { input }) => {
    if (parsed.dialect === 'sqlite') {
      const path = parsed.file?.path
      return {
        dialect: 'sqlite',
        file: path === undefined ? null : isAbsolute(path) ? path : posix.join('/app/databases', path),
        memory: parsed.file === null,
      }
    }
    const { set_encoding: encoding, ...rest } = asObject(parsed.options)
    return {
      dialect: parsed.dialect === 'postgres' ? 'postgresql' : 'mysql',
      adapter: /^\w+/.exec(input)?.[0],
      driver: parsed.driver,
      user: parsed.user,
      password: parsed.password,
      host: parsed.places[0]?.host ?? null,
      port: parsed.places[0] === undefined ? null : Number(parsed.places[0].port),
      database: parsed.database,
      options: { ...(parsed.dialect === 'mysql' && { charset: encoding ?? 'utf8' }), ...rest },
    }
  },
  libpq: (parsed) => {
    const host = parsed.places.length > 0 ? { host: join2(parsed, 'host') } : {}
    const port = parsed.places.some((place) => place.port !== null) ? { port: join2(parsed, 'port') } : {}
    return {
      dialect: 'postgresql',
      ...(parsed.user !== null && { user: parsed.user }),
      ...(parsed.password !== null && { password: parsed.password }),
      ...(parsed.database !== null && { dbname: parsed.database }),
      ...host,
      ...port,
      ...asObject(parsed.options),
    }
  },
  pgx: (parsed) => {
    const { sslmode, ...runtime } = asObject(parsed.options)
    const tls = sslmode !== 'disable'
    const [first, ...rest] = parsed.places
    return {
      dialect: 'postgresql',
      database: parsed.database,
      fallbacks: rest.length === 0 ? null : rest.map(({ host, port }) => `${host}:${port} tls=${tls}`),
      host: first?.host,
      password: parsed.password,
      port: Number(first?.port),
      runtime_params: runtime,
      tls,
      user: parsed.user,
    }
  },
  'go-mysql': (parsed) => {
    const { options } = parsed
    const place = parsed.places[0]
    const isSocket = place?.host.startsWith('/') === true
    const own = new Set(['loc', 'tls', 'timeout', 'parseTime', 'multiStatements', 'interpolateParams', 'collation'])
    const params = asObject(options.filter(({ key }) => !own.has(key)))
    const is = (key: string) => /^(1|true)$/i.test(lastOf(options, key) ?? '')
    return {
      dialect: 'mysql',
      addr: isSocket ? place?.host : `${bracketed(place?.host ?? '')}:${place?.port}`,
      collation: lastOf(options, 'collation') ?? '',
      database: parsed.database,
      interpolateParams: is('interpolateParams'),
      loc: lastOf(options, 'loc') ?? 'UTC',
      multiStatements: is('multiStatements'),
      net: isSocket ? 'unix' : 'tcp',
      params: Object.keys(params).length === 0 ? null : params,
      parseTime: is('parseTime'),
      // Go has no null here.
      password: parsed.password ?? '',
      timeout: lastOf(options, 'timeout') ?? '0s',
      tls: lastOf(options, 'tls') ?? '',
      user: parsed.user,
    }
  },
  'gorm-sqlite': (parsed, { input }) => ({
    dialect: 'sqlite',
    sqlite_open_name: input.startsWith('file:') ? input : input.split('?', 1)[0],
    file: parsed.file?.path ?? null,
    memory: parsed.file === null,
    options: asObject(parsed.options),
  }),
}

test('all sixty are here, of every form', () => {
  expect(examples).toHaveLength(60)
  expect(new Set(examples.map(({ format }) => format))).toEqual(new Set(Object.keys(VIEWS)))
})

/**
 * An example that is in neither list is `equal`: read as the library reads it, and every form that the text fits agrees. The
 * library refuses these two, and so does Roster.
 */
const REFUSED = ['shared-044', 'shared-057']
/** These mean two things, or what the library makes of them is no address. A sentence says so, which holds these words. */
const SHOWN: Record<string, string> = {
  'shared-003': 'Read as SQLAlchemy URL it cannot be used. There is a second @.',
  'shared-020': 'Read as PyDAL URI (web2py, py4web) it would be: file /rel.db.',
  'shared-023': 'Read as PyDAL URI (web2py, py4web) it would be: file /:memory:.',
  'shared-024': 'Read as PyDAL URI (web2py, py4web) it would be: file /C:\\data\\app.db.',
  'shared-025': 'Read as PyDAL URI (web2py, py4web) it would be: file /C:/data/my%20app.db.',
  'shared-026': 'Read as PyDAL URI (web2py, py4web) it would be: file /file:app.db?mode=ro&uri=true.',
  'shared-027': 'Read as PyDAL URI (web2py, py4web) it would be: file /app.db?timeout=5&check_same_thread=false.',
  'shared-029': 'Read as SQLAlchemy URL it would be: file var/lib/app/abs.db (from the working directory).',
  'shared-033': 'Read as PostgreSQL URL (libpq) it would be: another password.',
  'shared-034': 'Read as PyDAL URI (web2py, py4web) it cannot be used. There is a second @.',
  'shared-035': 'Read as MySQL URL it cannot be used. There is an @ behind the host.',
  'shared-040': 'Read as SQLAlchemy URL it cannot be used. Its host holds characters',
  'shared-043': 'Read as PostgreSQL URL (libpq) it cannot be used. There is a second @.',
  'shared-048': 'Read as PyDAL URI (web2py, py4web) it would be: another password.',
}

const verdictOf = ({ id }: Example) => (REFUSED.includes(id) ? 'refused' : SHOWN[id] === undefined ? 'equal' : 'shown')

test.each(examples.map((example) => ({ ...example, verdict: verdictOf(example) })))(
  '$id is $verdict: $input',
  (example) => {
    const format = formatOf(example)
    if (example.verdict === 'refused') {
      expect(example.error).toBeDefined()
      expect(() => parseAs(format, example.input)).toThrow(StringProblem)
      return
    }
    const parsed = parseAs(format, example.input)
    expect(VIEWS[example.format]?.(parsed, example)).toEqual(example.parse)
    const { usable, refused } = readOne(format, example.input, new Set())
    const [reading] = usable
    const sentences = reading
      ? differences(reading, readAll(example.input, new Set()))
      : refused.map(({ why }) => `Read as ${FORMAT_NAMES[format]} it cannot be used. ${why}`)
    if (example.verdict === 'shown') expect(sentences).toContainEqual(expect.stringContaining(SHOWN[example.id] ?? ''))
    else {
      expect(sentences).toEqual([])
      expect(reading).toBeDefined()
    }
    if (reading && example.driver_arguments) matchDriver(reading.understood, example.driver_arguments)
  },
)

/** What Roster would connect to is what the driver is told, once its several hosts are one and their rest is noted. */
function matchDriver(understood: Understood, { args, kwargs }: NonNullable<Example['driver_arguments']>): void {
  if (understood.dialect === 'sqlite') {
    const name = /^<current folder>\/(.*)$/s.exec(args[0] ?? '')?.[1] ?? args[0]?.replace(/^file:([^?]*).*$/, '$1')
    expect(understood.file?.path ?? ':memory:').toBe(name)
    return
  }
  const first = (value: unknown) => (typeof value === 'string' ? value.split(',')[0] : undefined)
  const socket = kwargs.unix_socket
  expect(understood.host).toBe(typeof socket === 'string' ? socket : first(kwargs.host))
  expect(understood.port).toBe(kwargs.port === undefined ? undefined : Number(first(kwargs.port) ?? kwargs.port))
  expect(understood.user).toBe(kwargs.user)
  expect(understood.password || undefined).toBe(kwargs.password)
  expect(understood.database).toBe(kwargs.dbname ?? kwargs.database)
  if (typeof kwargs.host === 'string' && kwargs.host.includes(','))
    expect(JSON.stringify(understood.notes)).toContain('several hosts')
}
