// What state a user is in, in a word or two each.
import { isSecret, type Cell } from '../../../shared/cell.ts'
import { gateState, type Gate } from '../../../shared/gate.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import type { Shown } from '../../../shared/user-checks.ts'
import { schemeOfKept } from '../../../shared/kept-hash.ts'
import { inWords, truthOf } from '../../grid/cell-show.ts'

export interface StateWord {
  words: string
  tone: 'good' | 'bad' | 'quiet'
}

const NO_HASH: Readonly<Record<string, StateWord>> = {
  unknown: { words: 'Password: no known hash', tone: 'bad' },
  empty: { words: 'Password: empty text', tone: 'bad' },
  damaged: { words: 'Password: damaged hash', tone: 'bad' },
}

export function stateWords({ columns, owner }: TableDescription, shown: Shown): StateWord[] {
  const user = owner?.user
  if (!user) return []
  const words: StateWord[] = []
  const flag = columns.find(({ name }) => name === user.active)
  if (flag) {
    const truth = truthOf(shown(flag.name), flag)
    words.push(
      truth === null
        ? { words: 'active is not set', tone: 'quiet' }
        : { words: truth ? 'Active' : 'Inactive', tone: truth ? 'good' : 'bad' },
    )
  }
  if (user.gate) {
    const held = shown(user.gate.column)
    if (!isSecret(held) && held !== undefined) words.push(gateWords(user.gate, held))
  }
  if (user.confirmedAt) {
    const isConfirmed = (shown(user.confirmedAt) ?? null) !== null
    words.push({ words: isConfirmed ? 'Confirmed' : 'Not confirmed', tone: isConfirmed ? 'good' : 'quiet' })
  }
  if (user.deletedAt && (shown(user.deletedAt) ?? null) !== null) words.push({ words: 'Soft-deleted', tone: 'bad' })
  if (user.password) {
    const cell = shown(user.password)
    const scheme = isSecret(cell) ? cell.secret : schemeOfKept(cell)
    words.push(
      scheme === null || scheme === 'none'
        ? { words: 'No password', tone: 'quiet' }
        : (NO_HASH[scheme] ?? { words: `Password: ${scheme}`, tone: 'quiet' }),
    )
  }
  return words
}

function gateWords(gate: Gate, held: Cell): StateWord {
  const state = gateState(gate, held)
  if (state === 'open') return { words: 'May log in', tone: 'good' }
  const words = `${gate.column}: ${inWords(held)}`
  return state === 'blocked' ? { words, tone: 'bad' } : { words: `To be confirmed, ${words}`, tone: 'quiet' }
}
