// What the database would refuse of a user that is not staged yet, and who is nearly the same, asked while the form is filled in.
import { useEffect, useState } from 'react'
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

export type Insert = Extract<Change, { kind: 'insert' }>

export interface FormCheck {
  /** What was looked at: anything else that stands in the form by now is not known. */
  of: Insert | null
  problems: readonly Problem[]
}

interface Table {
  profileId: string
  table: string
}

/** What cannot be asked is no problem here: saving still says so. */
export async function problemsOf({ profileId, table }: Table, change: Insert, signal: AbortSignal): Promise<Problem[]> {
  const staged = readStaged(profileId, table).changes
  const changes = [...(staged.length <= MOST_STAGED ? staged : []), change]
  try {
    const { problems } = await api.tables.check({ profileId, table, changes }, { signal })
    return problems.filter(({ changeId }) => changeId === FORM_ID)
  } catch {
    signal.throwIfAborted()
    return []
  }
}

/** Asks a moment after the last key. `change` must stay the same object while its values do. */
export function useFormCheck({ profileId, table }: Table, change: Insert): FormCheck {
  const [check, setCheck] = useState<FormCheck>({ of: null, problems: [] })
  useEffect(
    () =>
      afterRest((signal) =>
        problemsOf({ profileId, table }, change, signal).then((problems) => setCheck({ of: change, problems })),
      ),
    [profileId, table, change],
  )
  return check
}

/** Users with nearly this email; none while it is another one by now. */
export function useAlike({ profileId, table }: Table, email: string): readonly AlikeUser[] {
  const [found, setFound] = useState<{ email: string; users: readonly AlikeUser[] }>({ email: '', users: [] })
  useEffect(
    () =>
      afterRest(async (signal) => {
        if (email === '') return
        const { users } = await api.users.alike({ profileId, table, email, key: null }, { signal })
        setFound({ email, users })
      }),
    [profileId, table, email],
  )
  return found.email === email ? found.users : []
}

/** For an effect: does it after a moment, and gives it up with the effect. What fails is not known, and nothing is said. */
function afterRest(act: (signal: AbortSignal) => Promise<void>): () => void {
  const own = new AbortController()
  const timer = setTimeout(() => void act(own.signal).catch(() => undefined), WAIT)
  return () => {
    clearTimeout(timer)
    own.abort()
  }
}
