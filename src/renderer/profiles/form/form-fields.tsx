// The fields of a profile's form, each with its label, its value and its message.
import { Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import type { ClipboardEvent, ReactNode } from 'react'
import type { ErrorPlace, Field, FieldErrors, FormValues } from './form-values.ts'
import css from './profile-form.module.css'
import type { TextField } from './read-field.ts'

export interface FormState {
  values: FormValues
  errors: FieldErrors
  change: (change: Partial<FormValues>) => void
}

type FlagField = { [K in Field]: FormValues[K] extends boolean ? K : never }[Field]

/** The element of a field, so that the first wrong one can be given the focus. */
export const idOf = (field: ErrorPlace) => `profile-${field}`

/** What explains a field stands below it, so that fields side by side are level. */
const BELOW: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'error', 'description']

interface FieldProps<F extends Field> {
  form: FormState
  field: F
  label: string
  className?: string | undefined
}

export function Text({
  form,
  field,
  label,
  className,
  isNumber = false,
  ...rest
}: FieldProps<TextField> & {
  isNumber?: boolean
  placeholder?: string
  maxLength?: number
  description?: ReactNode
  onPaste?: (event: ClipboardEvent<HTMLInputElement>) => void
  'data-autofocus'?: boolean
}) {
  return (
    <TextInput
      {...rest}
      inputWrapperOrder={BELOW}
      {...(className !== undefined && { className })}
      id={idOf(field)}
      label={label}
      spellCheck={false}
      autoComplete="off"
      inputMode={isNumber ? 'decimal' : 'text'}
      value={form.values[field]}
      error={form.errors[field]}
      onChange={(event) => form.change({ [field]: event.currentTarget.value })}
    />
  )
}

interface SecretProps extends FieldProps<TextField> {
  placeholder: string
  /** The placeholder names where it was read, which may be long. */
  isWhole: boolean
}

export function Secret({ form, field, label, placeholder, isWhole }: SecretProps) {
  return (
    <PasswordInput
      className={(isWhole ? css.whole : css.half) ?? ''}
      id={idOf(field)}
      label={label}
      placeholder={placeholder}
      autoComplete="new-password"
      value={form.values[field]}
      error={form.errors[field]}
      onChange={(event) => form.change({ [field]: event.currentTarget.value })}
      visibilityToggleButtonProps={{ 'aria-label': `Show the ${label.toLowerCase()}` }}
    />
  )
}

export function Flag({ form, field, label, description }: FieldProps<FlagField> & { description?: string }) {
  return (
    <Checkbox
      className={css.whole ?? ''}
      id={idOf(field)}
      label={label}
      {...(description !== undefined && { description })}
      checked={form.values[field]}
      onChange={(event) => form.change({ [field]: event.currentTarget.checked })}
    />
  )
}

export function Choice<F extends TextField>({
  form,
  field,
  label,
  className,
  options,
  description,
  onChoose,
}: FieldProps<F> & {
  options: { value: FormValues[F]; label: string }[]
  description?: string
  /** What else changes with the choice. */
  onChoose?: (value: FormValues[F]) => Partial<FormValues>
}) {
  return (
    <NativeSelect
      className={className ?? css.half ?? ''}
      id={idOf(field)}
      label={label}
      {...(description !== undefined && { description, inputWrapperOrder: BELOW })}
      data={options}
      value={form.values[field]}
      error={form.errors[field]}
      onChange={(event) => {
        const value = event.currentTarget.value as FormValues[F]
        form.change({ [field]: value, ...onChoose?.(value) })
      }}
    />
  )
}

export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={css.group}>
      <legend>{title}</legend>
      <div className={css.fields}>{children}</div>
    </fieldset>
  )
}
