// Whether secrets can be stored here, and the person's agreement to store them without a real keychain.
import type { SecretStorage } from '../../shared/app.ts'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { hasConsent, storeConsent } from '../secrets-consent.ts'

type Place = Pick<Host, 'secrets' | 'dataFolder'>

const QUESTION = {
  message: 'Store secrets without a keychain?',
  detail:
    'No keychain answers on this computer. What Roster stores then (staged edits, and passwords of profiles that ask for it) ' +
    'can be read by every program and person who can read its data folder. This can be taken back.',
  yes: 'Store without a keychain',
}

export async function secretStorage({ secrets, dataFolder }: Place): Promise<SecretStorage> {
  const isAgreed = hasConsent(dataFolder)
  if (secrets === null) return { state: 'none', isAgreed }
  return { state: (await secrets.isAvailable()) ? 'ready' : 'refused', isAgreed }
}

/**
 * The person is asked by the host itself, so that no page can agree for them. The answer says what holds now: an agreement
 * does not help where the system can seal nothing at all.
 */
export async function agreeToPlainSecrets(
  place: Place & Pick<Host, 'confirm'>,
  isAgreed: boolean,
): Promise<SecretStorage> {
  if (place.secrets === null)
    throw new Refusal('NO_SECRETS', 'The browser host stores no secrets, so there is nothing to agree to.')
  if (isAgreed && !hasConsent(place.dataFolder) && !(await place.confirm(QUESTION))) return secretStorage(place)
  await storeConsent(place.dataFolder, isAgreed)
  return secretStorage(place)
}
