// Where a profile's migrations are, which is chosen elsewhere, and where their runs are written down.
import { Choice, type FormState } from './form-fields.tsx'
import css from './profile-form.module.css'

export function MigrationFields({ form }: { form: FormState }) {
  const { migrationsFolder } = form.values
  return (
    <>
      <div className={css.half}>
        <div className={css.label}>Migrations folder</div>
        <p className={css.hint}>
          {migrationsFolder ?? 'The steps that Roster ships.'} {migrationsFolder !== null && <br />}
          Change it under Migrations.
        </p>
      </div>
      <Choice
        form={form}
        field="migrationJournal"
        label="Runs are written down in"
        options={[
          { value: 'table', label: 'tables of the database' },
          { value: 'file', label: 'a file on this machine' },
        ]}
      />
    </>
  )
}
