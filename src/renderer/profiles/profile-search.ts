// Which profiles a few typed letters leave in the list, in the order of the list.
import { addressOf, type Profile } from '../../shared/profiles.ts'
import { dialectNames } from '../ui/environment-words.ts'

/** Every word must be found in the name, the address, the kind of database or the environment. */
export function foundProfiles(profiles: readonly Profile[], typed: string): readonly Profile[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return profiles
  return profiles.filter((profile) => {
    const { name, dialect, environment } = profile
    const text = `${name} ${addressOf(profile)} ${dialectNames[dialect]} ${environment}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The ids with the one at `from` moved to `to`; the same when there is no such place. */
export function movedIds(ids: readonly string[], from: number, to: number): string[] {
  const next = [...ids]
  const [moved] = next.splice(from, 1)
  if (moved === undefined || from === to || to < 0 || to >= ids.length) return [...ids]
  next.splice(to, 0, moved)
  return next
}
