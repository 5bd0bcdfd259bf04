// What was understood of settings, with the source of each value, before anything is stored or connected.
import { Button, Group, Modal, Radio } from '@mantine/core'
import { useState } from 'react'
import type { SettingsPreview } from '../../shared/profiles.ts'
import { Notice } from '../ui/notice.tsx'
import { ReasonButton } from '../ui/reason-button.tsx'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { bytes, moment } from '../ui/wording.ts'
import css from './settings-dialog.module.css'

interface SettingsDialogProps {
  preview: SettingsPreview
  /** Where they were read. */
  from: string
  onClose: () => void
  /** The person wants to go on; `file` is the one they picked, for sqlite. */
  onTake: (file: string | null) => void
}

export function SettingsDialog({ preview, from, onClose, onTake }: SettingsDialogProps) {
  useReturnFocus()
  const { draft, values, notes, candidates } = preview
  const [file, setFile] = useState<string | null>(candidates.length === 1 ? (candidates[0]?.path ?? null) : null)
  const reason = !draft
    ? 'It is not known which database is meant.'
    : draft.dialect === 'sqlite' && candidates.length > 0 && file === null
      ? 'Pick one of the files first.'
      : null
  return (
    <Modal opened onClose={onClose} title="Settings that were understood" size={640}>
      <p className={css.from}>Read from {from}. Nothing is stored or connected yet.</p>
      {notes.length > 0 && (
        <div className={css.notes} role="group" aria-label="Notes">
          {notes.map(({ tone, text }) => (
            <Notice key={text} tone={tone}>
              {text}
            </Notice>
          ))}
        </div>
      )}
      {values.length > 0 && (
        <table className={css.values}>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {values.map(({ setting, value, source }) => (
              <tr key={setting}>
                <th scope="row">{setting}</th>
                <td className={css.value}>{value}</td>
                <td className={css.source}>{source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {candidates.length > 0 && (
        <Radio.Group
          className={css.files ?? ''}
          label="The file that is meant"
          value={file}
          onChange={(path) => setFile(path)}
        >
          {candidates.map(({ path, size, modifiedAt, isSqlite }) => (
            <Radio
              key={path}
              value={path}
              label={path}
              description={`${bytes(size)}, changed ${moment(modifiedAt)}${isSqlite ? '' : ', not a SQLite file'}`}
            />
          ))}
        </Radio.Group>
      )}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button onClick={onClose}>Cancel</Button>
        <ReasonButton variant="filled" reason={reason} onClick={() => onTake(file)} data-autofocus>
          Fill in the form
        </ReasonButton>
      </Group>
    </Modal>
  )
}
