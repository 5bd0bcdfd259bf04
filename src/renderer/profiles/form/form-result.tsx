// The line at the foot of the form: what a test of the connection came to, or why nothing was stored.
import { Button } from '@mantine/core'
import type { ConnectionTest } from '../../../shared/profiles.ts'
import { wordsOf } from '../../ui/call-error.ts'
import { duration } from '../../ui/wording.ts'
import css from './profile-form.module.css'

interface FormResultProps {
  test: ConnectionTest | undefined
  problem: unknown
  isTesting: boolean
  hasErrors: boolean
  /** Shows the certificate or the host key that was refused. */
  onLook: () => void
}

export function FormResult({ test, problem, isTesting, hasErrors, onLook }: FormResultProps) {
  if (isTesting) return <div className={css.result} role="status" />
  if (problem) {
    const { message, hint } = wordsOf(problem)
    return (
      <div className={css.result} data-tone="bad" role="alert">
        <p>{message}</p>
        {hint && <p className={css.more}>{hint}</p>}
      </div>
    )
  }
  if (hasErrors) {
    return (
      <div className={css.result} data-tone="bad" role="alert">
        Some fields need another look.
      </div>
    )
  }
  if (!test) return <div className={css.result} />
  if (test.outcome === 'connected') {
    return (
      <div className={css.result} data-tone="good" role="status">
        <p>
          Connected to {test.facts.version} in {duration(test.ms)}.
        </p>
      </div>
    )
  }
  const { message, hint, detail, certificate, hostKey } = test.cause
  const isShown = certificate !== undefined || hostKey !== undefined
  return (
    <div className={css.result} data-tone="bad" role="alert">
      <p>{message}</p>
      <p className={css.more}>
        {hint} {detail && !isShown && `(${detail})`}
      </p>
      {isShown && (
        <Button className={css.look ?? ''} onClick={onLook}>
          {certificate ? 'Look at the certificate' : 'Look at the key'}
        </Button>
      )}
    </div>
  )
}
