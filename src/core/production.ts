// Writing on production: refused until the person has typed the profile's name.
import type { Profile } from '../shared/profiles.ts'
import { Refusal } from './refusal.ts'

/** To be called before every write of a person. Throws CONFIRMATION_NEEDED when the profile is production and the text is not its name. */
export function confirmWrite(profile: Profile, confirmation: string | undefined): void {
  if (profile.environment !== 'production' || confirmation?.trim() === profile.name) return
  const why = `“${profile.name}” is a production database, and nothing was changed. Its name has to be typed first.`
  throw new Refusal('CONFIRMATION_NEEDED', why, { profileName: profile.name })
}
