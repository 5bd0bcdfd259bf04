// One field of a user's form, with what its column means to the owner and what is wrong with it.
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { nowIn } from '../../../../shared/codecs.ts'
import { textOf, type FormField } from './form-fields.ts'
import { focusAtOnce } from '../../../ui/focus-at-once.ts'
import { unsetWords } from '../../../grid/grid-line.ts'

interface UserFieldProps {
  field: FormField
  text: string
  error: string | null
  isFirst: boolean
  onChange: (text: string) => void
}

export function UserField({ field, text, error, isFirst, onChange }: UserFieldProps) {
  const { column, isNeeded, meaning } = field
  const { name, codec } = column
  const shared = {
    label: name,
    description: meaning || undefined,
    inputWrapperOrder: ['label' as const, 'input' as const, 'description' as const, 'error' as const],
    withAsterisk: isNeeded,
    value: text,
    error: error && <span role="alert">{error}</span>,
  }
  if (codec?.kind === 'boolean') {
    const unset = unsetWords(column)
    return (
      <NativeSelect
        {...shared}
        data={[{ value: '', label: unset === 'required' ? '' : unset }, 'true', 'false']}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    )
  }
  const setNow = codec?.kind === 'moment' && (() => onChange(textOf(nowIn(codec, new Date().toISOString()), column)))
  return (
    <TextInput
      {...shared}
      {...(isFirst && { 'data-autofocus': true, ref: focusAtOnce })}
      placeholder={unsetWords(column)}
      autoComplete="off"
      spellCheck={false}
      {...(setNow && {
        rightSection: (
          <Button size="compact-xs" variant="subtle" aria-label={`${name}: now, in UTC`} onClick={setNow}>
            Now
          </Button>
        ),
        rightSectionWidth: 48,
      })}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}
