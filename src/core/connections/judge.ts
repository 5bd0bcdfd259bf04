// What a failed attempt to connect means: try again, stop, or ask for a password; with the cause in words.
import type { ConnectCause, LoginRole } from '../../shared/connections.ts'
import { unavailableReason } from '../../shared/procedure.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { decide } from '../db/decide.ts'
import type { Action, Failure } from '../db/failure.ts'
import { failureOf } from '../db/failure-of.ts'
import { causeOf } from '../db/failure-words.ts'
import { roleAsked, secretOf } from '../password-roles.ts'
import { Refusal } from '../refusal.ts'

export interface Judgement {
  action: Action
  /** A person has to give the password of that login first; the action is `stop`. Null: none. */
  asks: LoginRole | null
  cause: ConnectCause
}

/** `error` is what `tryConnect` or the look at the migrations rejected with. */
export function judge(error: unknown, profile: ServerProfile): Judgement {
  const failure = failureOf(error)
  return failure ? judgeFailure(failure, profile) : withoutFailure(error)
}

export function judgeFailure(failure: Failure, profile: ServerProfile): Judgement {
  // Where a password was typed in, or sealed, a person may know the right one.
  const role = failure.role ?? 'runtime'
  const { kind } = secretOf(profile, role)
  const isAsked = kind === 'ask' || kind === 'keychain'
  return {
    action: decide(failure, 'connecting', profile),
    asks: failure.kind === 'authentication' && isAsked ? role : null,
    cause: causeOf(failure, profile, profile),
  }
}

/** No password, no keychain, not migrated yet: said by core itself. Anything else is a fault of Roster. */
function withoutFailure(error: unknown): Judgement {
  const data = error instanceof Refusal && error.code === 'DATABASE_UNAVAILABLE' ? error.data : null
  const { reason, hint } = (data ?? {}) as { reason?: unknown; hint?: unknown }
  const known = unavailableReason.safeParse(reason)
  const message = error instanceof Error ? error.message : String(error)
  const isTemporary = known.data === 'not-migrated'
  const cause: ConnectCause = {
    reason: known.data ?? 'other',
    message: data ? message : 'Roster itself failed while it connected.',
    hint: typeof hint === 'string' ? hint : 'The log of Roster holds the whole error.',
    detail: '',
    isTemporary,
  }
  const asks = known.data === 'needs-password' ? (roleAsked(error) ?? 'runtime') : null
  return { action: isTemporary ? 'wait' : 'stop', asks, cause }
}
