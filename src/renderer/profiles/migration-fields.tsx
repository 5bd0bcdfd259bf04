// Where a profile's migrations are, which is chosen elsewhere, and where their runs are written down.
import { Choice, type FormState } from './form-fields.tsx'
import css from './profile-form.module.css'

export function MigrationFields({ form }: { form: FormState }) {
  return (
    <>
      <Choice
        form={form}
        field="migrationJournal"
        label="Runs are written down in"
        className={css.whole ?? ''}
        options={[
          { value: 'table', label: 'tables of the database' },
          { value: 'file', label: 'a file on this machine' },
        ]}
      />
      <p className={css.hint}>
        Folder: {form.values.migrationsFolder ?? 'the steps that Roster ships'}. Change it under Migrations.
      </p>
    </>
  )
}
