// What a call was refused with, in words, inside a dialog or a panel.
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { Notice } from '../../ui/notice.tsx'

/** Nothing where there is no error, or where a person stopped it. */
export function CallProblem({ error }: { error: unknown }) {
  if (!error || isAbort(error)) return null
  const { message, hint } = wordsOf(error)
  return (
    <div role="alert">
      <Notice tone="bad">
        {message} {hint}
      </Notice>
    </div>
  )
}
