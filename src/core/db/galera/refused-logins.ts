// A login that one node has refused is not sent to it again: tried with every look, it would lock the account.
import { placeText, type Place } from '../../../shared/reaching.ts'
import type { Failure } from '../failure.ts'
import type { Login } from '../server/link.ts'

type Given = Pick<Login, 'user' | 'password'>

export interface RefusedLogins {
  /** Why the node refused exactly this login; null when it did not. */
  of(place: Place, login: Given): Failure | null
  /** Does nothing for any other failure. */
  note(place: Place, login: Given, failure: Failure | null): void
}

export function refusedLogins(): RefusedLogins {
  const known = new Map<string, Given & { failure: Failure }>()
  return {
    of(place, { user, password }) {
      const before = known.get(placeText(place))
      return before && before.user === user && before.password === password ? before.failure : null
    },
    note(place, { user, password }, failure) {
      if (failure?.kind === 'authentication') known.set(placeText(place), { user, password, failure })
    },
  }
}
