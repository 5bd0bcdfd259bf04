// Where settings are read from: a text that is pasted, with the form it was recognised as, or a file.
import { Button, NativeSelect, Textarea } from '@mantine/core'
import { FORMAT_NAMES, LONGEST_CONNECTION_STRING, type ConnectionFormat } from '../../../shared/connection-strings.ts'
import type { SettingsPreview } from '../../../shared/profiles.ts'
import css from './import-dialog.module.css'

interface PastedTextProps {
  text: string
  /** Undefined while nothing was understood. */
  preview: SettingsPreview | undefined
  onText: (text: string) => void
  onFormat: (format: ConnectionFormat) => void
}

export function PastedText({ text, preview, onText, onFormat }: PastedTextProps) {
  const format = preview?.format
  const others = preview?.otherFormats ?? []
  return (
    <>
      <Textarea
        classNames={{ input: css.text ?? '' }}
        label="Connection string"
        description="Of SQLAlchemy, PyDAL, GORM, libpq or JDBC, or a mysql:// URL; which one it is, is told by the text. Lines of a .env file or of code with one in them are read, too."
        rows={3}
        maxLength={LONGEST_CONNECTION_STRING}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <div className={css.format} role="status">
        {format && others.length === 0 && (
          <span>
            Read as <b>{FORMAT_NAMES[format]}</b>.
          </span>
        )}
        {format && others.length > 0 && (
          <>
            <NativeSelect
              aria-label="Read as"
              value={format}
              data={[format, ...others].map((value) => ({ value, label: `Read as ${FORMAT_NAMES[value]}` }))}
              onChange={(event) => onFormat(event.currentTarget.value as ConnectionFormat)}
            />
            <span>
              {others.length === 1 ? 'Another form fits, too' : `${others.length} other forms fit, too`}, and may mean
              something else.
            </span>
          </>
        )}
      </div>
    </>
  )
}

export function PickedFile({ path, onChoose }: { path: string | null; onChoose: () => void }) {
  return (
    <div className={css.file}>
      <span className={css.path}>{path ?? 'No file is chosen.'}</span>
      <Button onClick={onChoose} {...(path === null && { 'data-autofocus': true })}>
        {path === null ? 'Choose a .env file…' : 'Choose another…'}
      </Button>
    </div>
  )
}
