// Where a password that was read with settings had best stay.
import type { SecretSource } from '../../shared/profiles.ts'
import type { Host } from '../host.ts'

/** In the keychain where there is one, else with the person; an empty one is none. Undefined: the text has none. */
export async function passwordPlace(host: Pick<Host, 'secrets'>, password: string | undefined): Promise<SecretSource> {
  if (password === undefined) return { kind: 'ask' }
  if (password === '') return { kind: 'none' }
  return { kind: host.secrets && (await host.secrets.isAvailable()) ? 'keychain' : 'ask' }
}
