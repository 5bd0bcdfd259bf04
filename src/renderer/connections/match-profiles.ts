// Which profiles a few typed letters mean, the likeliest first.
import { addressOf, type Profile } from '../../shared/profiles.ts'

/** Every word must be found in the name, the address, the dialect or the environment; names that begin with it come first. */
export function matchProfiles(profiles: readonly Profile[], typed: string): Profile[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const found = profiles.filter((profile) => {
    const text = `${profile.name} ${addressOf(profile)} ${profile.dialect} ${profile.environment}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const first = words[0]
  if (first === undefined) return found
  const rank = ({ name }: Profile) => {
    const at = name.toLowerCase().indexOf(first)
    return at === 0 ? 0 : at > 0 ? 1 : 2
  }
  // Sorting keeps the order of the list among equals.
  return found.sort((a, b) => rank(a) - rank(b))
}
