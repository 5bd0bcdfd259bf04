// The tables to measure on: made for the run and gone with it, or those that are given by address.
import { join } from 'node:path'
import { startMariadb } from '../../scripts/servers/mariadb.ts'
import { startPostgres } from '../../scripts/servers/postgres.ts'
import { fillUsers, SERVER_SETTINGS, type Engine } from './big-table.ts'
import type { Table } from './measured.ts'
import { ownFolder } from './own-folder.ts'

export interface MadeTable extends Table {
  end(): Promise<void>
}

/** `given` is a file or the address of a database that holds such a table already; it is only read. */
export async function tableOf(engine: Engine, rows: number, given: string | undefined): Promise<MadeTable> {
  if (given !== undefined) return { engine, rows, target: given, end: () => Promise.resolve() }
  const began = performance.now()
  const made = engine === 'sqlite' ? await makeFile(rows) : await makeOnServer(engine, rows)
  console.log(`${rows} rows were made in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
  return made
}

async function makeFile(rows: number): Promise<MadeTable> {
  const folder = ownFolder()
  const end = () => Promise.resolve(folder.remove())
  const target = join(folder.path, 'users.db')
  try {
    await fillUsers('sqlite', target, rows)
    return { engine: 'sqlite', target, rows, end }
  } catch (error) {
    await end()
    throw error
  }
}

async function makeOnServer(engine: Exclude<Engine, 'sqlite'>, rows: number): Promise<MadeTable> {
  const start = engine === 'postgres' ? startPostgres : startMariadb
  const server = await start({ settings: SERVER_SETTINGS[engine] })
  try {
    await server.admin('create database users')
    const target = server.url.replace(/[^/]*$/, 'users')
    await fillUsers(engine, target, rows)
    return { engine, target, rows, end: () => server.end() }
  } catch (error) {
    await server.end()
    throw error
  }
}
