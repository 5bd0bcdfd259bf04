// Tables of other tools beside what the built-in steps would make, on each engine; and what closes the differences, run for real.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { Adoption } from '../../../shared/migration-steps.ts'
import { builtinSteps } from '../builtin.ts'
import { filesIn, never, testProject, type TestProject } from '../project.test-setup.ts'
import { adoptableSteps } from './adoptable.ts'
import { compareTable } from './compare.ts'

type Engine = 'sqlite' | 'postgresql' | 'mariadb'

const [CREATE, ACTIVE, CONFIRMED] = builtinSteps.map(({ name }) => name) as [string, string, string]
const FIXTURES = join(import.meta.dirname, 'fixtures')

let test: TestProject

const load = (tool: string, engine: Engine) =>
  test.elsewhere(readFileSync(join(FIXTURES, `${tool}-${engine}.sql`), 'utf8'))
const compare = async (name = CREATE) => compareTable(await test.project(), name, never)
const verdicts = ({ findings }: Adoption) => Object.fromEntries(findings.map(({ what, verdict }) => [what, verdict]))
const wordsOf = ({ findings }: Adoption, what: string) => findings.find((finding) => finding.what === what)?.text

async function withKnex(work: (knex: Knex) => Promise<void>): Promise<void> {
  const schema = await test.database.schema(never)
  try {
    await work(schema.knex)
  } finally {
    await schema.close()
  }
}

async function adoptable(): Promise<string[]> {
  const project = await test.project()
  return test.database.schemaLook(never, async (look) =>
    adoptableSteps(project, look, await look.tables(), project.files),
  )
}

const STANDARD = ['id', 'email', 'password', 'active', 'fs_uniquifier', 'confirmed_at']

function alike(engine: Engine, server: () => TestServer | null) {
  beforeEach(async () => {
    test = await testProject(server())
  })
  afterEach(() => test.end())

  it('finds what the steps themselves have made to be the same', async () => {
    await withKnex(async (knex) => {
      for (const step of builtinSteps) await step.up(knex)
    })
    const { findings, ...rest } = await compare()
    expect(rest).toEqual({ name: CREATE, table: 'auth_user', isCompatible: true, owner: null, closing: null })
    expect(findings.map(({ what, verdict }) => [what, verdict])).toEqual(STANDARD.map((name) => [name, 'same']))
    for (const name of [ACTIVE, CONFIRMED]) {
      expect((await compare(name)).findings.map(({ verdict }) => verdict)).toEqual(['same'])
    }
    expect(await adoptable()).toEqual([CREATE, ACTIVE, CONFIRMED])
  })

  const owners: [tool: string, owner: string | null][] = [
    ['alembic', engine === 'sqlite' ? 'Alembic, SQLAlchemy' : 'Alembic'],
    ['flask-security', 'Flask-Security (SQLAlchemy)'],
    ['gorm', 'GORM'],
    ['pydal', 'PyDAL'],
    // Elsewhere nothing tells it from a table made by hand.
    ['sqlalchemy', engine === 'sqlite' ? 'SQLAlchemy' : null],
  ]
  it.each(owners)('takes the table of %s', async (tool, owner) => {
    await load(tool, engine)
    const adoption = await compare()
    expect(adoption.findings.filter(({ verdict }) => verdict === 'missing' || verdict === 'incompatible')).toEqual([])
    expect([adoption.isCompatible, adoption.owner, adoption.closing]).toEqual([true, owner, null])
    expect(adoption.findings.slice(0, 6).map(({ what }) => what)).toEqual(STANDARD)
    expect(await adoptable()).toContain(CREATE)
  })

  it.each([
    ['py4web', 'py4web (PyDAL)'],
    ['web2py', 'web2py (PyDAL)'],
  ])('says what the table of %s lacks, and leaves closing that to its owner', async (tool, owner) => {
    await load(tool, engine)
    const adoption = await compare()
    expect(verdicts(adoption)).toMatchObject({
      email: 'compatible',
      password: 'compatible',
      active: 'missing',
      fs_uniquifier: 'missing',
      confirmed_at: 'missing',
      first_name: 'compatible',
    })
    expect([adoption.isCompatible, adoption.owner, adoption.closing]).toEqual([false, owner, null])
  })

  it('tells booleans that are letters, missing defaults and columns of the tool’s own', async () => {
    await load('pydal', engine)
    expect(wordsOf(await compare(), 'active')).toMatch(/Written as .*T.*F.* The server has no default for it/)
    await test.elsewhere('drop table auth_user')
    await load('flask-security', engine)
    const adoption = await compare()
    expect(wordsOf(adoption, 'username')).toMatch(/^Not of the standard .*it stays as it is\.$/)
    expect(wordsOf(adoption, 'fs_uniquifier')).toMatch(/It may not be NULL/)
  })

  it('closes what a table made by hand lacks, and undoes that', async () => {
    const key = {
      sqlite: 'integer primary key',
      postgresql: 'serial primary key',
      mariadb: 'int primary key auto_increment',
    }
    await test.elsewhere(
      `create table auth_user (id ${key[engine]}, email varchar(255) not null, password varchar(255), confirmed_at ${engine === 'postgresql' ? 'timestamp' : 'datetime'})`,
      "insert into auth_user (id, email) values (1, 'ada@example.org')",
    )
    const { isCompatible, owner, closing, ...rest } = await compare()
    expect([isCompatible, owner]).toEqual([false, null])
    expect(verdicts({ isCompatible, owner, closing, ...rest })).toMatchObject({
      email: 'compatible',
      active: 'missing',
    })
    const file = join(test.folder, 'closing.ts')
    writeFileSync(file, closing ?? '')
    const step = (await import(file)) as { up(knex: Knex): Promise<void>; down(knex: Knex): Promise<void> }
    await withKnex((knex) => step.up(knex))
    const after = await compare()
    expect([after.isCompatible, after.closing]).toEqual([true, null])
    expect(wordsOf(after, 'email')).not.toMatch(/unique/)
    await withKnex((knex) => step.down(knex))
    expect((await compare()).closing).toBe(closing)
    const { rows } = await test.database.read({ sql: 'select email from auth_user', values: [] }, never)
    expect(rows).toEqual([['ada@example.org']])
  })

  it('does not take a view, a foreign key or values that it could not write', async () => {
    await test.elsewhere(
      `create table people (id int primary key, email varchar(255))`,
      'create view auth_user as select * from people',
    )
    expect((await compare()).findings).toMatchObject([{ what: 'auth_user', verdict: 'incompatible' }])
    await test.elsewhere(
      'drop view auth_user',
      `create table auth_user (id int not null, email varchar(255) primary key, password varchar(20), active varchar(20), fs_uniquifier varchar(10), confirmed_at varchar(30))`,
      "insert into auth_user values (1, 'a', null, 'perhaps', null, 'yesterday'), (2, 'b', null, 'F', null, null)",
    )
    const adoption = await compare()
    // SQLite keeps no length, so that its texts take what is written.
    const short = engine === 'sqlite' ? 'compatible' : 'incompatible'
    expect(verdicts(adoption)).toEqual({
      id: 'incompatible',
      email: 'compatible',
      password: short,
      active: 'incompatible',
      fs_uniquifier: short,
      confirmed_at: 'incompatible',
    })
    expect(adoption.isCompatible).toBe(false)
  })

  it('takes another index that gives the same order', async () => {
    await load('pydal', engine)
    expect(await adoptable()).toEqual([CREATE])
    expect(await compare(ACTIVE)).toMatchObject({ isCompatible: false, findings: [{ verdict: 'missing' }] })
    await test.elsewhere(
      'create index mine on auth_user (active, id, email)',
      'create index short on auth_user (confirmed_at)',
    )
    expect(await compare(ACTIVE)).toMatchObject({
      isCompatible: true,
      findings: [
        { what: 'active, id', verdict: 'compatible', text: 'The index mine (active, id, email) gives the same order.' },
      ],
    })
    // Behind the columns of an index SQLite and InnoDB have the key.
    const isThere = engine !== 'postgresql'
    expect((await compare(CONFIRMED)).isCompatible).toBe(isThere)
    expect(await adoptable()).toEqual([CREATE, ACTIVE, ...(isThere ? [CONFIRMED] : [])])
  })

  it('refuses steps that are applied, unknown, or make nothing that is there', async () => {
    const message: unknown = expect.stringMatching(/There is no table auth_user/)
    await expect(compare()).rejects.toMatchObject({ code: 'STEP_REFUSED', message })
    await expect(compare('9.ts')).rejects.toMatchObject({ code: 'STEP_REFUSED' })
    expect(await adoptable()).toEqual([])
  })

  it('compares SQL of a trusted folder by the names of its tables, and nothing of one that is not trusted', async () => {
    const path = filesIn(test.folder, {
      '1-shop.up.sql': 'create table shop (id int);\ncreate table item (id int);\ninsert into shop values (1);',
      '2-more.up.sql': 'create table more (id int);',
      '3-odd.up.sql': "create table shop (name text default 'never closed);",
      '4-code.ts': 'export const up = () => undefined',
    })
    await test.elsewhere('create table shop (id int)', 'create table item (id int)')
    await test.project({ migrationsFolder: path })
    expect(await adoptable()).toEqual([])
    await expect(compare('1-shop.up.sql')).rejects.toMatchObject({ code: 'STEP_REFUSED' })
    await test.core.trust.trust(path, (await test.project()).folder.content)
    expect(await adoptable()).toEqual(['1-shop.up.sql'])
    const adoption = await compare('1-shop.up.sql')
    expect([adoption.isCompatible, adoption.table, adoption.closing]).toEqual([true, 'shop, item', null])
    expect(adoption.findings.map(({ what }) => what)).toEqual(['shop', 'item', '1-shop.up.sql'])
    expect((await compare('2-more.up.sql')).isCompatible).toBe(false)
    for (const name of ['3-odd.up.sql', '4-code.ts']) {
      await expect(compare(name)).rejects.toMatchObject({ code: 'STEP_REFUSED' })
    }
  })
}

describe('on SQLite', () => alike('sqlite', () => null))
describeWithPostgres('adopting on PostgreSQL', (server) => alike('postgresql', server))
describeWithMariadb('adopting on MariaDB', (server) => alike('mariadb', server))
