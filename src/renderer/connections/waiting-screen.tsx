// Opening a server, in plain sight: which step, which attempt, why the last one failed, when the next comes; and, when
// nothing more is tried, what to do about it.
import { Button, VisuallyHidden } from '@mantine/core'
import { useEffect } from 'react'
import type { ConnectionState } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { useSecondsUntil } from '../ui/use-link.ts'
import { AttemptHistory } from './attempt-history.tsx'
import { connection } from './connection-calls.ts'
import { phasesOf, serverWords } from './connection-words.ts'
import { PhaseList } from './phase-list.tsx'
import { Refused } from './refused.tsx'
import { SettingsUsed } from './settings-used.tsx'
import css from './waiting-screen.module.css'

interface WaitingScreenProps {
  profile: ServerProfile
  state: Extract<ConnectionState, { state: 'waiting' | 'failed' }>
  /** Opens the form of the profile. */
  onEdit: (() => void) | undefined
}

export function WaitingScreen({ profile, state, onEdit }: WaitingScreenProps) {
  const isWaiting = state.state === 'waiting'
  const nextTryAt = isWaiting ? state.nextTryAt : null
  const isTrying = isWaiting && nextTryAt === null
  const last = state.history.at(-1)
  const phase = isTrying ? state.phase : (last?.phase ?? null)
  // After Cancel the last failure still tells what the matter was.
  const cause = state.cause ?? (isWaiting ? null : (last?.cause ?? null))
  // The first attempt mostly succeeds at once, and nothing of this is shown then (styles).
  const isNew = isTrying && state.attempt === 1 && !cause
  const cancel = () => connection.cancel(profile.id)
  useCancelKey(isWaiting, cancel)
  const isReached = phase === 'migrated'

  return (
    <div className={css.area} data-new={isNew || undefined}>
      <section className={css.screen} aria-label={`Opening ${profile.name}`}>
        <h2 className={css.title}>{titleOf(profile, state)}</h2>
        <p className={css.attempt}>
          {isWaiting ? attemptWords(state) : stoppedWords(state)}
          {isWaiting && <Countdown nextTryAt={nextTryAt} />}
        </p>
        <PhaseList phases={phasesOf(profile)} phase={phase} isTrying={isTrying} />
        <div className={css.cause} data-tone={toneOf(state)}>
          {cause && (
            <>
              <p className={css.message}>{cause.message}</p>
              {cause.hint && <p>{cause.hint}</p>}
              {cause.detail && <p className={css.detail}>{cause.detail}</p>}
            </>
          )}
        </div>
        {cause && <Refused profile={profile} cause={cause} />}
        {/* Read out when something new is known; the countdown would speak every second. */}
        <VisuallyHidden role="status">{isNew ? '' : spokenWords(profile, state)}</VisuallyHidden>
        <div className={css.actions}>
          {/* What was refused has a button of its own, and is refused again without it. */}
          <Button
            variant={cause?.certificate || cause?.hostKey ? 'default' : 'filled'}
            onClick={() => connection.retryNow(profile.id)}
          >
            {isWaiting ? 'Retry now' : 'Try again'}
          </Button>
          {isWaiting && (
            <Button onClick={cancel} title="Esc">
              Cancel
            </Button>
          )}
          {isReached && <Button onClick={() => connection.openWithoutWaiting(profile.id)}>Open without waiting</Button>}
          {(cause || !isWaiting) && onEdit && <Button onClick={onEdit}>Edit profile</Button>}
        </div>
        <div className={css.parts}>
          <SettingsUsed profile={profile} />
          <AttemptHistory history={state.history} />
        </div>
      </section>
    </div>
  )
}

function toneOf({ state, cause, history }: WaitingScreenProps['state']): 'none' | 'warn' | 'bad' | 'past' {
  if (!cause) return state === 'failed' && history.length > 0 ? 'past' : 'none'
  return state === 'waiting' ? 'warn' : 'bad'
}

function titleOf(profile: ServerProfile, { state, cause }: WaitingScreenProps['state']): string {
  const where = serverWords(profile)
  if (state === 'waiting') return cause ? `Waiting for ${where}` : `Opening ${where}`
  return cause ? `${profile.name} could not be opened` : `Opening ${profile.name} was cancelled`
}

function attemptWords({ attempt, tries }: Extract<ConnectionState, { state: 'waiting' }>): string {
  return tries === null ? `Attempt ${attempt}. ` : `Attempt ${attempt} of ${tries}. `
}

function stoppedWords({ history, cause }: Extract<ConnectionState, { state: 'failed' }>): string {
  const last = history.at(-1)
  const after = last ? ` after attempt ${last.number}` : ''
  return cause ? `Stopped${after}. Nothing is tried until you say so.` : `Cancelled${after}. Nothing is tried any more.`
}

function spokenWords(profile: ServerProfile, state: WaitingScreenProps['state']): string {
  const title = `${titleOf(profile, state)}. `
  const attempt = state.state === 'waiting' ? attemptWords(state) : `${stoppedWords(state)} `
  return `${title}${attempt}${state.cause ? `${state.cause.message} ${state.cause.hint}` : ''}`
}

function Countdown({ nextTryAt }: { nextTryAt: number | null }) {
  const seconds = useSecondsUntil(nextTryAt)
  return <span className={css.countdown}>{nextTryAt === null ? 'Trying now' : `Next try in ${seconds} s`}</span>
}

/** Esc cancels while this screen waits, unless a dialog or a menu takes it. */
function useCancelKey(isOn: boolean, cancel: () => void): void {
  useEffect(() => {
    if (!isOn) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      if (document.querySelector('[aria-modal=true], [role=menu]')) return
      cancel()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [isOn, cancel])
}
