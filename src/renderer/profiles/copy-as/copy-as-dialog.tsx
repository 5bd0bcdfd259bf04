// A profile's address in the form of other software: what it would be, what that form cannot say, and the way to the clipboard.
import { Button, Checkbox, CopyButton, Group, Modal, NativeSelect, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { FORMAT_NAMES, type ConnectionFormat } from '../../../shared/connection-strings.ts'
import type { Dialect, Profile } from '../../../shared/profiles.ts'
import { wordsOf } from '../../ui/call-error.ts'
import { Notice } from '../../ui/notice.tsx'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { useConnectionString } from '../profiles-queries.ts'
import css from './copy-as-dialog.module.css'

/** The forms that can name a database of each kind. */
const FORMATS: Record<Dialect, readonly ConnectionFormat[]> = {
  sqlite: ['sqlalchemy', 'pydal', 'gorm-sqlite', 'jdbc'],
  postgres: ['libpq-url', 'libpq-keywords', 'sqlalchemy', 'pydal', 'gorm-postgres', 'jdbc'],
  mysql: ['mysql-url', 'sqlalchemy', 'pydal', 'gorm-mysql', 'jdbc'],
}

/** The form that was copied last, of each kind: mostly the same one is wanted again. */
const last = new Map<Dialect, ConnectionFormat>()

export function CopyAsDialog({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  useReturnFocus()
  const formats = FORMATS[profile.dialect]
  const [format, setFormat] = useState(last.get(profile.dialect) ?? formats[0]!)
  const [withPassword, setWithPassword] = useState(false)
  const { data, error } = useConnectionString(profile.id, format, withPassword)
  const isServer = profile.dialect !== 'sqlite'
  return (
    <Modal opened onClose={onClose} title={`Copy “${profile.name}” as…`} size={600}>
      <NativeSelect
        label="Form"
        data-autofocus
        data={formats.map((value) => ({ value, label: FORMAT_NAMES[value] }))}
        value={format}
        onChange={(event) => {
          const next = event.currentTarget.value as ConnectionFormat
          last.set(profile.dialect, next)
          setFormat(next)
        }}
      />
      {isServer && (
        <Checkbox
          mt={10}
          label="With the password"
          checked={withPassword}
          onChange={({ currentTarget }) => setWithPassword(currentTarget.checked)}
        />
      )}
      {withPassword && (
        <div className={css.note}>
          <Notice tone="warn">
            The password is shown below and copied as it is. Whatever reads the clipboard can read it, and the text lets
            anybody in who has it.
          </Notice>
        </div>
      )}
      <div className={css.preview} aria-busy={!data && !error}>
        {error ? (
          <p className={css.problem} role="alert">
            {wordsOf(error).message} {wordsOf(error).hint}
          </p>
        ) : (
          <code className={css.text} aria-label="Text to copy" role="textbox" aria-readonly tabIndex={0}>
            {data?.text}
          </code>
        )}
      </div>
      {!error && data && data.notes.length > 0 && (
        <ul className={css.notes} aria-label="Notes">
          {data.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button onClick={onClose}>Close</Button>
        {/* Another text is not copied yet. */}
        <CopyButton key={data?.text} value={data?.text ?? ''}>
          {({ copied, copy }) => (
            <>
              <Button variant="filled" disabled={!data || Boolean(error)} onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
              <VisuallyHidden role="status">{copied ? 'Copied.' : ''}</VisuallyHidden>
            </>
          )}
        </CopyButton>
      </Group>
    </Modal>
  )
}
