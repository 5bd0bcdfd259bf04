// The knex command line and Roster take turns on one database: each goes on where the other stopped, and both tell the same.
import { execFile } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MigrationAction } from '../../../shared/migration-runs.ts'
import { describeOnEachEngine, type Opened } from '../../tables/engines.test-setup.ts'
import { reaching } from './steps.test-setup.ts'

const IS_FULL = process.env.VERIFY === 'full'
const ROUNDS = IS_FULL ? 10 : 1
const project = join(import.meta.dirname, '../../../..')
const names = ['001_a.cjs', '002_b.cjs', '003_c.cjs', '004_d.cjs', '005_e.cjs', '006_f.cjs']

const run = promisify(execFile)

describeOnEachEngine('the knex command line and Roster in turns', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-turns-'))
  const knexfile = join(folder, 'knexfile.cjs')
  let opened: Opened

  beforeAll(async () => {
    const steps = join(folder, 'migrations')
    mkdirSync(steps)
    for (const name of names) {
      const table = `t_${name.slice(0, 3)}`
      writeFileSync(
        join(steps, name),
        `exports.up = (knex) => knex.schema.createTable('${table}', (t) => { t.increments('id'); t.string('name') })
exports.down = (knex) => knex.schema.dropTable('${table}')
`,
      )
    }
    opened = await engine.open('create table anything (id integer)', { host: reaching(folder) })
    const { api, profileId, core } = opened
    const profile = core.profiles.get(profileId)
    const modules = JSON.stringify(join(project, 'node_modules/'))
    const server = engine.server?.()
    const connection =
      profile.dialect === 'sqlite'
        ? { filename: profile.file }
        : {
            ...{ host: profile.host, port: profile.port, user: profile.user },
            database: profile.database,
            password: server?.password,
          }
    const client = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2' }[engine.dialect]
    writeFileSync(
      knexfile,
      `require('node:module').globalPaths.push(${modules})
module.exports = ${JSON.stringify({ client, connection, useNullAsDefault: true, migrations: { directory: steps } })}
`,
    )
    await api.migrations.useFolder({ profileId, path: steps })
    await api.migrations.trust({ profileId, content: (await api.migrations.list({ profileId })).folder.content })
  })
  afterAll(async () => {
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function cli(...command: string[]): Promise<string> {
    const args = [join(project, 'node_modules/knex/bin/cli.js'), ...command, '--knexfile', knexfile]
    const { stdout, stderr } = await run(process.execPath, args, {
      cwd: project,
      env: { ...process.env, NODE_PATH: join(project, 'node_modules') },
    })
    return `${stdout}${stderr}`
  }

  async function roster(action: MigrationAction): Promise<void> {
    for await (const event of await opened.api.migrations.run({ profileId: opened.profileId, action })) {
      if (event.kind === 'finished') expect([event.outcome, event.message]).toEqual(['done', event.message])
    }
  }

  const applied = async () => {
    const { steps } = await opened.api.migrations.list({ profileId: opened.profileId })
    expect(steps.filter(({ state }) => state !== 'applied' && state !== 'pending')).toEqual([])
    return steps.filter(({ state }) => state === 'applied').map(({ name }) => name)
  }

  /** What the command line lists as completed: "Found 2 Completed Migration file/files." and then their names. */
  async function appliedByCli(): Promise<string[]> {
    const text = await cli('migrate:list')
    const completed = text.split(/No Pending|Found \d+ Pending/)[0] ?? ''
    return names.filter((name) => completed.includes(name))
  }

  it(`agree (${ROUNDS} rounds)`, { timeout: 900_000 }, async () => {
    const both = async (count: number) => {
      expect(await applied()).toEqual(names.slice(0, count))
      expect(await appliedByCli()).toEqual(names.slice(0, count))
    }
    for (let round = 0; round < ROUNDS; round++) {
      await roster({ kind: 'next' })
      await both(1)
      await cli('migrate:up')
      await roster({ kind: 'up-to', name: '004_d.cjs' })
      await both(4)
      await cli('migrate:latest')
      await both(6)
      await roster({ kind: 'rollback' })
      await both(4)
      await cli('migrate:rollback')
      await both(2)
      await roster({ kind: 'down-to', name: '001_a.cjs' })
      await both(0)
    }
    console.log(`FIGURE turns (${engine.dialect}): ${ROUNDS} rounds of 6 turns, knex and Roster agree`)
  })
})
