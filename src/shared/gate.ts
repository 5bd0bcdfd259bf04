// What the text in a gate (web2py's registration_key, py4web's action_token) means for the user's login.
import type { Cell } from './cell.ts'
import type { UserColumns } from './owners.ts'

export type Gate = NonNullable<UserColumns['gate']>

/**
 * `open`: the user may log in. `pending`: not before a confirmation or an approval. `blocked`: not at all. As the applications
 * read it: web2py lets in whose key is NULL or blank (`gluon/tools.py`, `Auth.login`), py4web asks for the words that keep out.
 */
export function gateState(gate: Gate, held: Cell): 'open' | 'pending' | 'blocked' {
  if (held === null || (typeof held === 'string' && held.trim() === '')) return 'open'
  const text = String(held)
  if (gate.blocked.includes(text)) return 'blocked'
  return gate.pending.some((beginning) => text.startsWith(beginning)) ? 'pending' : gate.others
}
