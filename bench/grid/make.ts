// Makes one large table and keeps it: `node bench/grid/make.ts --engine sqlite --rows 10000000 --keep some/folder`.
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startMariadb } from '../../scripts/servers/mariadb.ts'
import { startPostgres } from '../../scripts/servers/postgres.ts'
import { ENGINES, fillUsers, SERVER_SETTINGS, type Engine } from './big-table.ts'

const HELP = `node bench/grid/make.ts --engine ${ENGINES.join('|')} [--rows N] [--keep FOLDER]

  sqlite: makes FOLDER/users-N.db and ends. postgres, mysql (MariaDB): starts a server with the database users, prints its
  address, and stays; when this process is ended, the server ends and its data go.`

const { values } = parseArgs({
  options: { engine: { type: 'string' }, rows: { type: 'string' }, keep: { type: 'string' } },
})
const engine = ENGINES.find((one) => one === values.engine)
const rows = Number(values.rows ?? 1_000_000)
if (!engine || !Number.isInteger(rows) || rows < 1 || rows > 50_000_000) {
  console.error(HELP)
  process.exit(2)
}

const began = performance.now()
const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
if (engine === 'sqlite') await makeFile(resolve(values.keep ?? '.'))
else await makeServer(engine)

async function makeFile(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `users-${rows}.db`)
  if (existsSync(file)) {
    console.error(`${file} is there already.`)
    process.exit(1)
  }
  try {
    await fillUsers('sqlite', file, rows)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
  console.log(`${file}\n${rows} rows in ${seconds()}.`)
}

async function makeServer(kind: Exclude<Engine, 'sqlite'>): Promise<void> {
  const start = kind === 'postgres' ? startPostgres : startMariadb
  const server = await start({ settings: SERVER_SETTINGS[kind] })
  const end = () => void server.end().then(() => process.exit(0))
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  await server.admin('create database users')
  const url = server.url.replace(/[^/]*$/, 'users')
  await fillUsers(kind, url, rows)
  console.log(`${url}\n${rows} rows in ${seconds()}. The server runs until process ${process.pid} ends.`)
  // The server itself keeps nothing running here.
  setInterval(() => undefined, 60_000)
}
