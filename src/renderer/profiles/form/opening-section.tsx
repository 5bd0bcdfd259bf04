// How long opening is tried, and what it waits for.
import { Flag, Group, Text, type FormState } from './form-fields.tsx'
import css from './profile-form.module.css'

export function OpeningSection({ form }: { form: FormState }) {
  return (
    <Group title="Opening">
      <Text form={form} field="tries" label="Tries" className={css.half} isNumber />
      <Text form={form} field="delay" label="Seconds between two" className={css.half} isNumber />
      <Flag form={form} field="waitForDatabase" label="Wait until the database exists" />
      <Flag form={form} field="waitForMigrations" label="Wait until all migrations are applied" />
    </Group>
  )
}
