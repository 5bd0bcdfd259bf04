// The entry of a process that rehearses and is killed while it does: says on its output what it sends.
import { createHeadlessHost } from '../../../headless/host.ts'
import { openSqlite } from '../../db/sqlite/connect.ts'
import { databaseOn, rehearsing, step } from './rehearse.test-setup.ts'

/** Either `server` or `file`. */
export interface KilledRehearsal {
  server?: Parameters<typeof databaseOn>[0]
  file?: string
  folder: string
  statements: string[]
}

const { server, file = '', folder, statements } = JSON.parse(process.argv[2] ?? '{}') as KilledRehearsal
const say = (text: string) => process.stdout.write(`${text}\n`)

const host = createHeadlessHost({ version: 'test', dataFolder: folder })
const watched: typeof host = {
  ...host,
  spawn(entry) {
    const child = host.spawn(entry)
    say(`started ${child.pid ?? ''}`)
    return child
  },
}
const database = server ? databaseOn(server) : openSqlite(watched, { file, create: false })
const { message } = await rehearsing(database, [step('001', statements)], {
  onEvent: (event) => event.kind === 'log' && say(event.text),
})
say(`ended: ${message}`)
