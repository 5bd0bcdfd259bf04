// What was understood of settings, each value with its source; what was not; and what is used only after consent.
import { Radio } from '@mantine/core'
import type { SettingsPreview } from '../../../shared/profiles.ts'
import { Notice } from '../../ui/notice.tsx'
import { bytes, moment } from '../../ui/wording.ts'
import { DangerList } from './danger-list.tsx'
import css from './import-dialog.module.css'

interface UnderstoodProps {
  preview: SettingsPreview
  /** Ids of the dangers that were agreed to. */
  accepted: readonly string[]
  onAccepted: (accepted: readonly string[]) => void
  /** The file that is meant, for sqlite; null while none is picked. */
  file: string | null
  onFile: (path: string) => void
}

export function Understood({ preview, accepted, onAccepted, file, onFile }: UnderstoodProps) {
  const { values, notes, candidates, dangers = [] } = preview
  return (
    <>
      {notes.length > 0 && (
        <div className={css.notes} role="group" aria-label="Notes">
          {notes.map(({ tone, text }) => (
            <Notice key={text} tone={tone}>
              {text}
            </Notice>
          ))}
        </div>
      )}
      {dangers.length > 0 && <DangerList dangers={dangers} accepted={accepted} onAccepted={onAccepted} />}
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
            {values.map(({ setting, value, source }, index) => (
              <tr key={`${setting} ${index}`}>
                <th scope="row">{setting}</th>
                <td className={css.value}>{value}</td>
                <td className={css.source}>{source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {candidates.length > 0 && (
        <Radio.Group className={css.files ?? ''} label="The file that is meant" value={file} onChange={onFile}>
          {candidates.map(({ path, size, modifiedAt, isSqlite, why }) => (
            <Radio
              key={path}
              value={path}
              label={path}
              description={`${why === undefined ? '' : `${why}. `}${bytes(size)}, changed ${moment(modifiedAt)}${isSqlite ? '' : ', not a SQLite file'}`}
            />
          ))}
        </Radio.Group>
      )}
    </>
  )
}
