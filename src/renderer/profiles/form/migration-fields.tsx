// Where a profile's migrations are, which is chosen elsewhere, where their runs are written down, and who runs them.
import { Choice, Flag, Group, type FormState } from './form-fields.tsx'
import { LoginFields } from './login-fields.tsx'
import css from './profile-form.module.css'
import type { SecretContext } from './secret-fields.tsx'

export function MigrationFields({ form, secrets }: { form: FormState; secrets: SecretContext }) {
  const { migrationsFolder, dialect, hasSchemaLogin } = form.values
  const isServer = dialect !== 'sqlite'
  return (
    <Group title="Migrations">
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
      {isServer && (
        <Flag
          form={form}
          field="hasSchemaLogin"
          label="Use another login for migrations"
          description="Then the daily login needs no right to change the schema. Only Migrations uses this one."
        />
      )}
      {isServer && hasSchemaLogin && <LoginFields form={form} role="schema" secrets={secrets} />}
    </Group>
  )
}
