// Users whose email is nearly the one that is typed: not refused by the database, and still the same to an application.
import type { Cell } from '../../../../shared/cell.ts'
import type { AlikeUser } from '../../../../shared/users.ts'
import { Notice } from '../../../ui/notice.tsx'
import css from '../verbs.module.css'

const LISTED = 3

/** One with the very same email is told at the field, where the database refuses it. */
export function AlikeUsers({ users: all, email: typed }: { users: readonly AlikeUser[]; email: Cell }) {
  const users = all.filter(({ email }) => email !== typed)
  if (users.length === 0) return null
  const listed = users.slice(0, LISTED).map(({ email, words }) => `${email} (${words})`)
  const others = users.length - listed.length
  return (
    <div role="status" className={css.more}>
      <Notice tone="warn">
        Nearly this email is there already, which the application may take for the same user: {listed.join(', ')}
        {others > 0 ? ` and ${others} more` : ''}.
      </Notice>
    </div>
  )
}
