// How a new password is hashed: the likeliest way is proposed with its reason, others can be chosen; what is mixed in is named.
import { Autocomplete, NativeSelect } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { PasswordsFound } from '../../../../shared/passwords.ts'
import { api } from '../../../api.ts'
import type { TableModel } from '../../../tables/table-model.ts'
import { isAbort, wordsOf } from '../../../ui/call-error.ts'
import { count } from '../../../ui/wording.ts'
import type { HashSettings } from './hash-users.ts'
import css from '../verbs.module.css'

export interface FoundPasswords {
  found: PasswordsFound | null
  problem: string | null
}

/** What the table holds; names and numbers, no hash. */
export function useFound({ profileId, table }: TableModel): FoundPasswords {
  const [state, setState] = useState<FoundPasswords>({ found: null, problem: null })
  useEffect(() => {
    const own = new AbortController()
    api.users.passwords({ profileId, table }, own).then(
      (found) => setState({ found, problem: null }),
      (error: unknown) => {
        if (!own.signal.aborted && !isAbort(error)) setState({ found: null, problem: wordsOf(error).message })
      },
    )
    return () => own.abort()
  }, [profileId, table])
  return state
}

export interface Picked {
  at: number
  /** Undefined: the likeliest of those that are set. */
  variable?: string
}

/** What is hashed with now, or why that is not known yet. */
export function settingsOf({ found, problem }: FoundPasswords, picked: Picked): HashSettings | { why: string } {
  const choice = found?.choices[picked.at]
  if (!choice) return { why: problem ?? 'It is being looked up how passwords are hashed here.' }
  if (!choice.isDouble) return { choice, variable: null }
  const variable = (picked.variable ?? found?.variables[0] ?? '').trim()
  return variable === ''
    ? { why: 'Name the environment variable that holds SECURITY_PASSWORD_SALT.' }
    : { choice, variable }
}

interface HashFieldsProps {
  from: FoundPasswords
  picked: Picked
  onPick: (picked: Picked) => void
  disabled?: boolean
}

export function HashFields({ from: { found, problem }, picked, onPick, disabled = false }: HashFieldsProps) {
  if (!found) return <p className={css.note}>{problem ?? 'Looking up how passwords are hashed here…'}</p>
  const choice = found.choices[picked.at]
  const present = found.found.map(({ words, rows, isWeak }) => `${words}: ${count(rows)}${isWeak ? ' (weak)' : ''}`)
  return (
    <>
      <NativeSelect
        label="Hashed as"
        description={choice?.why}
        inputWrapperOrder={['label', 'input', 'description']}
        disabled={disabled}
        value={picked.at}
        data={found.choices.map(({ words }, at) => ({ value: String(at), label: words }))}
        onChange={({ currentTarget }) => onPick({ ...picked, at: Number(currentTarget.value) })}
      />
      {choice?.isDouble && (
        <Variable
          label="Environment variable with SECURITY_PASSWORD_SALT"
          description="Flask-Security mixes it in. The value stays in Roster’s host; only the name is asked for."
          variables={found.variables}
          value={picked.variable ?? found.variables[0] ?? ''}
          disabled={disabled}
          onChange={(variable) => onPick({ ...picked, variable })}
        />
      )}
      {present.length > 0 && (
        <p className={css.note}>
          In the newest {count(found.looked)} rows: {present.join('; ')}.
        </p>
      )}
    </>
  )
}

interface VariableProps {
  label: string
  description: string
  variables: readonly string[]
  value: string
  disabled?: boolean
  onChange: (value: string) => void
}

export function Variable({ label, description, variables, value, disabled = false, onChange }: VariableProps) {
  return (
    <Autocomplete
      size="xs"
      label={label}
      description={description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={[...variables]}
      value={value}
      disabled={disabled}
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      onChange={onChange}
    />
  )
}
