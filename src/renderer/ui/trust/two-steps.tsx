// A decision that is taken in two steps: the second one says what it means, and only then can it be made.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { wordsOf } from '../call-error.ts'
import { focusAtOnce } from '../focus-at-once.ts'
import css from './trust.module.css'

interface TwoStepsProps {
  /** The button of the first step. */
  ask: string
  /** What it means. */
  children: ReactNode
  /** The button of the second step. */
  confirm: string
  /** What it rejects with is shown. */
  onConfirm: () => Promise<void>
}

export function TwoSteps({ ask, children, confirm, onConfirm }: TwoStepsProps) {
  const [isAsked, setAsked] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const go = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await onConfirm()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  if (!isAsked) {
    return (
      <div className={css.actions}>
        <Button onClick={() => setAsked(true)}>{ask}</Button>
      </div>
    )
  }
  return (
    <div className={css.second} role="group" aria-label={ask}>
      <div>{children}</div>
      {problem !== null && (
        <p className={css.problem} role="alert">
          {wordsOf(problem).message} {wordsOf(problem).hint}
        </p>
      )}
      <div className={css.actions}>
        <Button ref={focusAtOnce} onClick={() => setAsked(false)}>
          Not now
        </Button>
        <Button variant="filled" loading={isBusy} onClick={() => void go()}>
          {confirm}
        </Button>
      </div>
    </div>
  )
}
