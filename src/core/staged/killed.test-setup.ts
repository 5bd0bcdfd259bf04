// A process that stages 10,000 changes and then one after the other until it is killed. Says after each that it has it.
import { openStagedStore } from './staged-store.ts'
import { keychain } from './keychain.test-setup.ts'
import type { Change } from '../../shared/tables.ts'

const [dataFolder = '', key = ''] = process.argv.slice(2)
const table = { profileId: 'sample', table: 'auth_user' }
const secrets = keychain(Buffer.from(key, 'hex'))
const store = openStagedStore({ dataFolder, secrets, log: () => undefined }, () => true)

function update(id: number, value: string): Change {
  return { kind: 'update', id: String(id), key: [BigInt(id)], original: { email: 'before' }, values: { email: value } }
}

store.write('a', { ...table, changes: Array.from({ length: 10_000 }, (_, id) => update(id, 'first')) })
let count = 0
setInterval(() => {
  store.patch('a', { ...table, put: [update(count, 'later')], gone: [], of: 10_000 })
  count += 1
  process.send?.(count)
}, 20)
