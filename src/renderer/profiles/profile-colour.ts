// A colour for each profile, so that two databases are told apart at a glance.
import { profileColour, type Profile, type ProfileColour } from '../../shared/profiles.ts'

/** Red is left for those who choose it: it stands for errors and production. */
const automatic = profileColour.options.filter((colour) => colour !== 'red')

/** The colour that was chosen; else each profile's own, or the next that none before it has, as long as there are any. */
export function profileColours(
  profiles: readonly { id: string; colour: ProfileColour | null }[],
): ReadonlyMap<Profile['id'], string> {
  const taken = new Map<string, ProfileColour>()
  for (const { id, colour } of profiles) if (colour !== null) taken.set(id, colour)
  for (const { id, colour } of profiles) {
    if (colour !== null) continue
    const own = indexOf(id)
    const free = automatic.map((_, step) => automatic[(own + step) % automatic.length]!)
    const used = new Set(taken.values())
    taken.set(id, free.find((each) => !used.has(each)) ?? free[0]!)
  }
  return new Map([...taken].map(([id, colour]) => [id, `var(--roster-colour-${colour})`]))
}

function indexOf(id: string): number {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0
  return sum % automatic.length
}
