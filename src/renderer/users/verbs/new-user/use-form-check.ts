// What the database would refuse of a user that is not staged yet, and who is nearly the same, asked while the form is filled in.
import { useEffect, useState } from 'react'
import type { Cell } from '../../../../shared/cell.ts'
import type { Problem } from '../../../../shared/table-saves.ts'
import type { Change } from '../../../../shared/tables.ts'
import type { AlikeUser } from '../../../../shared/users.ts'
import { api } from '../../../api.ts'
import { readStaged } from '../../../tables/staged-edits.ts'

/** Milliseconds after the last key. */
const WAIT = 250
/** Staged changes that are asked about together with it; beyond, saving finds what they have in common. */
const MOST_STAGED = 500

export const FORM_ID = 'new user form'

export interface FormCheck {
  problems: readonly Problem[]
  alike: readonly AlikeUser[]
  /** The email that both are about. */
  email: string
}

const nothing: FormCheck = { problems: [], alike: [], email: '' }

/** `change` must stay the same object while its values do. */
export function useFormCheck(
  profileId: string,
  table: string,
  change: Change & { kind: 'insert' },
  email: Cell,
): FormCheck {
  const [check, setCheck] = useState(nothing)
  useEffect(() => {
    const own = new AbortController()
    const text = typeof email === 'string' ? email : ''
    const ask = async () => {
      const staged = readStaged(profileId, table).changes
      const changes = [...(staged.length <= MOST_STAGED ? staged : []), change]
      // What cannot be asked is no problem here: saving still says so.
      const [checked, found] = await Promise.allSettled([
        api.tables.check({ profileId, table, changes }, own),
        text === '' ? { users: [] } : api.users.alike({ profileId, table, email: text, key: null }, own),
      ])
      if (own.signal.aborted) return
      const problems = checked.status === 'fulfilled' ? checked.value.problems : []
      const alike = found.status === 'fulfilled' ? found.value.users : []
      setCheck({ problems: problems.filter(({ changeId }) => changeId === FORM_ID), alike, email: text })
    }
    const timer = setTimeout(() => void ask(), WAIT)
    return () => {
      clearTimeout(timer)
      own.abort()
    }
  }, [profileId, table, change, email])
  return check
}
