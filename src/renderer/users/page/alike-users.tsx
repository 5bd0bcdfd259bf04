// Other users whose email is the same but for case, blanks or code points, with a way to each.
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Cell } from '../../../shared/cell.ts'
import type { AlikeUser } from '../../../shared/users.ts'
import { api } from '../../api.ts'
import { inWords } from '../../grid/cell-show.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import css from './user-page.module.css'

interface Read {
  users: readonly AlikeUser[]
  isWhole: boolean
  problem: string | null
}

interface AlikeUsersProps {
  model: TableModel
  email: string
  rowKey: readonly Cell[] | null
  onGo: (key: readonly Cell[]) => void
}

/** Milliseconds on one user before the table is searched: who only passes asks for nothing. */
const REST = 250

export function AlikeUsers({ model, email, rowKey, onGo }: AlikeUsersProps) {
  const [read, setRead] = useState<Read | null>(null)
  const { profileId, table } = model
  useEffect(() => {
    const own = new AbortController()
    const search = () =>
      api.users.alike({ profileId, table, email, key: rowKey && [...rowKey] }, { signal: own.signal }).then(
        ({ users, isWhole }) => setRead({ users, isWhole, problem: null }),
        (error: unknown) => {
          if (!isAbort(error) && !own.signal.aborted)
            setRead({ users: [], isWhole: false, problem: wordsOf(error).message })
        },
      )
    const timer = setTimeout(() => void search(), REST)
    return () => {
      clearTimeout(timer)
      own.abort()
    }
  }, [profileId, table, email, rowKey])
  return (
    <section aria-label="Alike">
      <h3 className={css.part}>Alike</h3>
      {read === null && <p className={css.quiet}>Looking for others…</p>}
      {read?.problem != null && <p role="alert">{read.problem}</p>}
      {read?.users.length === 0 && read.isWhole && (
        <p className={css.quiet}>No other row has this email in another spelling.</p>
      )}
      {read && !read.isWhole && read.problem === null && (
        <p className={css.quiet}>Searching all rows took longer than 8 s and was stopped: there may be others.</p>
      )}
      {read && read.users.length > 0 && (
        <ul className={css.cells}>
          {read.users.map(({ key, email: other, words }) => (
            <li key={key.map(String).join(' ')}>
              <Button size="compact-xs" variant="subtle" onClick={() => onGo(key)}>
                {inWords(other)}
              </Button>{' '}
              <span className={css.quiet}>{words}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
