// The texts of a user's form, the values that they become, and what is wrong with each: by its column, and by the database.
import { useMemo, useState } from 'react'
import type { Cell } from '../../../../shared/cell.ts'
import type { Change, TableDescription } from '../../../../shared/tables.ts'
import type { AlikeUser } from '../../../../shared/users.ts'
import type { TableModel } from '../../../tables/table-model.ts'
import { fieldsOf, textOf, valueOf, type FormField } from './form-fields.ts'
import { FORM_ID, problemsOf, useAlike, useFormCheck } from './use-form-check.ts'

export interface UserFields {
  fields: readonly FormField[]
  texts: Readonly<Record<string, string>>
  setText: (name: string, text: string) => void
  /** What is said at a field: nothing of one that nobody has touched yet, before it is staged. */
  errorOf: (name: string) => string | null
  values: Readonly<Record<string, Cell>>
  /** As a change to look at; none while a field is wrong. */
  changes: readonly Change[]
  /** From now on everything that is wrong is said. The first column that is, by what stands there now, or null. */
  findWrong: (signal: AbortSignal) => Promise<string | null>
  alike: readonly AlikeUser[]
}

export function useUserFields(
  model: TableModel,
  description: TableDescription,
  initial: Readonly<Record<string, Cell>>,
): UserFields {
  const { dialect, owner } = description
  const [fields] = useState(() => fieldsOf(description, initial))
  const [texts, setTexts] = useState<UserFields['texts']>(() =>
    Object.fromEntries(fields.map(({ column }) => [column.name, textOf(initial[column.name], column)])),
  )
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [isAsked, setAsked] = useState(false)
  const { values, errors } = useMemo(() => {
    const values: Record<string, Cell> = {}
    const errors = new Map<string, string>()
    for (const field of fields) {
      const { name } = field.column
      const made = valueOf(field, texts[name] ?? '', { initial: initial[name], dialect })
      if ('error' in made) errors.set(name, made.error)
      else if (made.value !== undefined) values[name] = made.value
    }
    return { values, errors }
  }, [fields, texts, initial, dialect])
  const change = useMemo(() => ({ kind: 'insert' as const, id: FORM_ID, values }), [values])
  const changes = useMemo(() => (errors.size === 0 ? [change] : []), [change, errors])
  const check = useFormCheck(model, change)
  const email = owner?.user ? values[owner.user.email] : undefined
  const alike = useAlike(model, typeof email === 'string' ? email : '')
  return {
    ...{ fields, texts, values, changes, alike },
    setText: (name, text) => {
      setTexts((before) => ({ ...before, [name]: text }))
      setTouched((before) => new Set(before).add(name))
    },
    errorOf: (name) => {
      const own = errors.get(name)
      if (own !== undefined) return isAsked || touched.has(name) ? own : null
      // While what was typed since is looked at, nothing is said of it.
      const problem = check.of === change ? check.problems.find(({ column }) => column === name) : undefined
      return problem && (isAsked || problem.kind !== 'not-null') ? problem.words : null
    },
    findWrong: async (signal) => {
      setAsked(true)
      const wrong = new Set(errors.keys())
      if (wrong.size === 0) {
        const problems = check.of === change ? check.problems : await problemsOf(model, change, signal)
        for (const { column } of problems) if (column !== null) wrong.add(column)
      }
      return fields.find(({ column: { name } }) => wrong.has(name))?.column.name ?? null
    },
  }
}
