// A field for the path of a file, with the button that lets the person choose it.
import { Button } from '@mantine/core'
import type { PickWhat } from '../use-pick-file.tsx'
import { Text, type FormState } from './form-fields.tsx'
import css from './profile-form.module.css'
import type { TextField } from './read-field.ts'

/** Null when the person chose none. */
export type Pick = (what: PickWhat) => Promise<string | null>

interface FileFieldProps {
  form: FormState
  field: TextField
  label: string
  what: PickWhat
  placeholder?: string
  onPick: Pick
}

export function FileField({ form, field, label, what, placeholder, onPick }: FileFieldProps) {
  return (
    <div className={`${css.whole} ${css.fileRow}`} data-wrong={form.errors[field] !== undefined || undefined}>
      <Text form={form} field={field} label={label} {...(placeholder !== undefined && { placeholder })} />
      <Button
        aria-label={field === 'file' ? undefined : `Choose the file: ${label}`}
        onClick={() => void onPick(what).then((path) => path !== null && form.change({ [field]: path }))}
      >
        Choose…
      </Button>
    </div>
  )
}
