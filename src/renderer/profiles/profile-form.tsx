// The form of a profile: what it is called, where its database is, who logs in, how it is opened.
import { Button, Modal, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type FormEvent } from 'react'
import {
  environment as environments,
  FETCH_SERVER_KEY_LABEL,
  profileColour,
  type ConnectionTest,
  type Profile,
} from '../../shared/profiles.ts'
import { wordsOf } from '../ui/call-error.ts'
import { dialectNames, environmentNames } from '../ui/environment-words.ts'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { duration, plural } from '../ui/wording.ts'
import { Choice, Flag, Group, idOf, Text, type FormState } from './form-fields.tsx'
import {
  asksForKey,
  isElsewhere,
  settingsOf,
  withDialect,
  type Field,
  type FieldErrors,
  type FormValues,
} from './form-values.ts'
import { LoginFields } from './login-fields.tsx'
import { MigrationFields } from './migration-fields.tsx'
import { PoolFields } from './pool-fields.tsx'
import css from './profile-form.module.css'
import {
  secretStorageQuery,
  useHasPasswords,
  useSaveProfile,
  useTestSettings,
  type Filled,
} from './profiles-queries.ts'

export interface ProfileFormProps {
  /** What the form begins with. */
  initial: FormValues
  /** The profile that is edited; null for a new one. */
  profile: Profile | null
  /** A password that the host has read with the settings, and from where. */
  imported: { id: string; from: string } | null
  /** Staged changes of the profile. */
  staged: number
  /** Lets the person choose a file; null when they did not. */
  onPickFile: () => Promise<string | null>
  onClose: () => void
  onSaved: (profile: Profile) => void
}

export function ProfileForm({ initial, profile, imported, staged, onPickFile, onClose, onSaved }: ProfileFormProps) {
  useReturnFocus()
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<FieldErrors>({})
  const storage = useQuery(secretStorageQuery).data
  const has = useHasPasswords(profile?.id).data
  const saving = useSaveProfile()
  const testing = useTestSettings()
  const running = useRef<AbortController | null>(null)
  const isServer = values.dialect !== 'sqlite'

  const change = (next: Partial<FormValues>) => {
    setValues((before) => ({ ...before, ...next }))
    // A message goes when its field is touched; the result of a test was about other values.
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in next))))
    testing.reset()
    saving.reset()
  }
  const form: FormState = { values, errors, change }

  /** Undefined, with the messages at their fields, when something is wrong. */
  const fill = (): (Filled & { profileId?: string }) | undefined => {
    const result = settingsOf(values)
    if ('errors' in result) {
      showErrors(result.errors)
      return undefined
    }
    // Messages of fields that are no longer there go as well.
    setErrors({})
    return {
      settings: result.settings,
      ...(values.password !== '' && { password: values.password }),
      ...(values.schemaPassword !== '' && { schemaPassword: values.schemaPassword }),
      ...(imported && { imported: imported.id }),
      ...(profile && { profileId: profile.id }),
    }
  }
  const showErrors = (next: FieldErrors) => {
    setErrors(next)
    const first = document.querySelector<HTMLElement>(
      Object.keys(next)
        .map((field) => `#${idOf(field as Field)}`)
        .join(', ') || '#none',
    )
    first?.focus()
  }
  const onError = (error: unknown) => {
    const field = fieldOf(error)
    if (field) showErrors({ [field]: wordsOf(error).message })
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    const filled = fill()
    if (filled) saving.mutate(filled, { onSuccess: onSaved, onError })
  }
  const test = () => {
    const filled = fill()
    if (!filled) return
    running.current = new AbortController()
    testing.mutate({ ...filled, signal: running.current.signal }, { onError })
  }
  const problem = [saving.error, testing.error].find((error) => error && !fieldOf(error) && !isStopped(error))

  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      title={profile ? `Edit “${profile.name}”` : 'New profile'}
      size={880}
      padding={0}
      styles={{ header: { padding: '10px 16px 4px' } }}
    >
      <form onSubmit={save} noValidate>
        <div className={css.body}>
          <div>
            <Group title="Database">
              {!profile && (
                <SegmentedControl
                  className={css.whole ?? ''}
                  aria-label="Kind of database"
                  size="xs"
                  transitionDuration={80}
                  value={values.dialect}
                  onChange={(next) => change(withDialect(values, next))}
                  data={(['postgres', 'mysql', 'sqlite'] as const).map((value) => ({
                    value,
                    label: dialectNames[value],
                  }))}
                />
              )}
              <Text form={form} field="name" label="Name" className={css.whole} maxLength={80} data-autofocus />
              {isServer ? (
                <>
                  <Text form={form} field="host" label="Host" className={css.wide} maxLength={255} />
                  <Text form={form} field="port" label="Port" className={css.narrow} isNumber />
                  <Text form={form} field="database" label="Database" className={css.whole} maxLength={128} />
                  <Flag
                    form={form}
                    field="tls"
                    label="Encrypt with TLS"
                    description="The server’s certificate and its name are checked; there is no falling back."
                  />
                  {asksForKey(values) && (
                    <Flag
                      form={form}
                      field="fetchServerKey"
                      label={FETCH_SERVER_KEY_LABEL}
                      description="For MySQL 8 without TLS, which asks for the password itself at a user’s first login after a start. Whoever sits in between, or listens in the server’s place, can hand out a key of their own and read the password."
                    />
                  )}
                </>
              ) : (
                <div className={`${css.whole} ${css.fileRow}`}>
                  <Text form={form} field="file" label="File" />
                  <Button onClick={() => void onPickFile().then((file) => file !== null && change({ file }))}>
                    Choose…
                  </Button>
                </div>
              )}
            </Group>
            {isServer && (
              <Group title="Login">
                <LoginFields
                  form={form}
                  role="runtime"
                  storage={storage}
                  isStored={has?.runtime ?? false}
                  importedFrom={imported?.from ?? null}
                />
              </Group>
            )}
          </div>
          <div>
            <Group title="What is at stake">
              <Choice
                form={form}
                field="environment"
                label="Environment"
                options={environments.options.map((value) => ({
                  value,
                  label: environmentNames[value],
                }))}
              />
              <Colours form={form} />
              {values.environment === 'production' && (
                <p className={css.hint}>Every write asks for the name of the profile to be typed.</p>
              )}
              <Flag
                form={form}
                field="isReadOnly"
                label="Read-only"
                description={
                  isServer
                    ? 'The server itself refuses every write of this profile.'
                    : 'The file is opened read-only, so nothing can be written to it.'
                }
              />
            </Group>
            {isServer && (
              <>
                <Group title="Opening">
                  <Text form={form} field="tries" label="Tries" className={css.half} isNumber />
                  <Text form={form} field="delay" label="Seconds between two" className={css.half} isNumber />
                  <Flag form={form} field="waitForDatabase" label="Wait until the database exists" />
                  <Flag form={form} field="waitForMigrations" label="Wait until all migrations are applied" />
                </Group>
                <PoolFields form={form} />
              </>
            )}
            <Group title="Migrations">
              <MigrationFields form={form} />
              {isServer && (
                <Flag
                  form={form}
                  field="hasSchemaLogin"
                  label="Use another login for migrations"
                  description="Then the daily login needs no right to change the schema. Only Migrations uses this one."
                />
              )}
              {isServer && values.hasSchemaLogin && (
                <LoginFields
                  form={form}
                  role="schema"
                  storage={storage}
                  isStored={has?.schema ?? false}
                  importedFrom={null}
                />
              )}
            </Group>
            {profile && staged > 0 && isElsewhere(profile, values) && (
              <p className={css.hint} role="status">
                {plural(staged, 'staged edit')} of this profile stay staged, and would be saved to the new place.
              </p>
            )}
          </div>
        </div>
        <div className={css.foot}>
          {testing.isPending ? (
            <Button onClick={() => running.current?.abort()}>Stop testing</Button>
          ) : (
            <Button onClick={test}>Test connection</Button>
          )}
          <Result test={testing.data} problem={problem} isTesting={testing.isPending} hasErrors={hasAny(errors)} />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={saving.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function Colours({ form }: { form: FormState }) {
  return (
    <div className={css.whole} role="radiogroup" aria-labelledby="profile-colour-label">
      <div id="profile-colour-label" className={css.label}>
        Colour
      </div>
      <div className={css.swatches}>
        {[null, ...profileColour.options].map((colour) => (
          <label key={colour ?? 'automatic'} className={css.swatch} title={colour ?? 'Chosen by Roster'}>
            <input
              type="radio"
              name="profile-colour"
              aria-label={colour ?? 'Chosen by Roster'}
              checked={form.values.colour === colour}
              onChange={() => form.change({ colour })}
            />
            <span
              className={colour === null ? css.automatic : ''}
              style={colour === null ? {} : { background: `var(--roster-colour-${colour})` }}
            />
          </label>
        ))}
      </div>
    </div>
  )
}

interface ResultProps {
  test: ConnectionTest | undefined
  problem: unknown
  isTesting: boolean
  hasErrors: boolean
}

function Result({ test, problem, isTesting, hasErrors }: ResultProps) {
  if (isTesting) return <div className={css.result} role="status" />
  if (problem) {
    const { message, hint } = wordsOf(problem)
    return (
      <div className={css.result} data-tone="bad" role="alert">
        <p>{message}</p>
        {hint && <p className={css.more}>{hint}</p>}
      </div>
    )
  }
  if (hasErrors) {
    return (
      <div className={css.result} data-tone="bad" role="alert">
        Some fields need another look.
      </div>
    )
  }
  if (!test) return <div className={css.result} />
  if (test.outcome === 'connected') {
    return (
      <div className={css.result} data-tone="good" role="status">
        <p>
          Connected to {test.facts.version} in {duration(test.ms)}.
        </p>
      </div>
    )
  }
  const { message, hint, detail } = test.cause
  return (
    <div className={css.result} data-tone="bad" role="alert">
      <p>{message}</p>
      <p className={css.more}>
        {hint} {detail && `(${detail})`}
      </p>
    </div>
  )
}

function hasAny(errors: FieldErrors): boolean {
  return Object.values(errors).some((message) => message !== undefined)
}

function isStopped(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

/** The field that the host refused, when it is one. */
function fieldOf(error: unknown): string | null {
  const { code } = wordsOf(error)
  if (code !== 'FIELD_REFUSED') return null
  return (error as { data: { field: string } }).data.field
}
