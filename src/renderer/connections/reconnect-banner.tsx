// Above a table whose connection was lost: what is loaded stays, what is staged is kept, and reading goes on by itself.
import { Button } from '@mantine/core'
import { Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ConnectionState } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { useSecondsUntil } from '../ui/use-link.ts'
import { connection } from './connection-calls.ts'
import { serverWords } from './connection-words.ts'
import { LookAtRefused } from './refused.tsx'
import css from './reconnect-banner.module.css'

/** Losses shorter than this, in milliseconds, are mended before anyone has read a banner. */
const GRACE = 400

interface ReconnectBannerProps {
  profile: ServerProfile
  state: Extract<ConnectionState, { state: 'waiting' | 'failed' }>
  onEdit: (() => void) | undefined
}

export function ReconnectBanner({ profile, state, onEdit }: ReconnectBannerProps) {
  const isWaiting = state.state === 'waiting'
  const isLong = useHasLasted(GRACE)
  if (isWaiting && !isLong) return null
  const where = serverWords(profile)
  const cause = state.cause
  return (
    <div className={css.banner} data-failed={!isWaiting || undefined}>
      <Unplug size={15} aria-hidden />
      <div className={css.text}>
        <span role="status">
          {isWaiting ? `The connection to ${where} was lost.` : `There is no connection to ${where}.`}
          {cause && ` ${cause.message}`} Staged edits are kept.
        </span>{' '}
        {isWaiting && <Until until={state.until} attempt={state.attempt} />}
        {!isWaiting && cause?.hint && <span>{cause.hint}</span>}
      </div>
      <div className={css.actions}>
        {cause && <LookAtRefused profile={profile} cause={cause} className={css.button} />}
        <Button className={css.button} onClick={() => connection.retryNow(profile.id)}>
          {isWaiting ? 'Retry now' : 'Try again'}
        </Button>
        {isWaiting ? (
          <Button className={css.button} onClick={() => connection.cancel(profile.id)}>
            Cancel
          </Button>
        ) : (
          onEdit && (
            <Button className={css.button} onClick={onEdit}>
              Edit profile
            </Button>
          )
        )}
      </div>
    </div>
  )
}

/** Not announced: it changes every second. */
function Until({ until, attempt }: { until: number | null; attempt: number }) {
  const seconds = useSecondsUntil(until)
  return (
    <span className={css.until}>
      Attempt {attempt}
      {until !== null && `, ${seconds} s left`}.
    </span>
  )
}

function useHasLasted(milliseconds: number): boolean {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), milliseconds)
    return () => clearTimeout(timer)
  }, [milliseconds])
  return isLong
}
