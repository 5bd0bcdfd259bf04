// What is said to whoever wants the database of a profile that is not open.
import type { ConnectionState } from '../../shared/connections.ts'
import { unavailable, type Refusal } from '../refusal.ts'

/** `name` is the profile's. */
export function whyNotOpen(name: string, state: ConnectionState): Refusal {
  if (state.state === 'needs-password') {
    return unavailable('needs-password', `“${name}” needs the password of ${state.user}.`, 'Enter the password.')
  }
  const cause = state.state === 'failed' || state.state === 'waiting' ? state.cause : null
  if (state.state === 'waiting') {
    return unavailable('not-open', `“${name}” is still being opened.`, cause?.message ?? 'Wait until it is open.')
  }
  const hint = cause ? `${cause.message} ${cause.hint}` : 'Open it first.'
  return unavailable('not-open', `“${name}” is not open.`, hint)
}
