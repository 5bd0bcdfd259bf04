// Settings of other software: pasted, from a file, or from the environment. What was understood is shown before the form is
// filled with it; nothing is stored and nothing is connected here.
import { Button, Group, Modal, SegmentedControl } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { ConnectionFormat } from '../../../shared/connection-strings.ts'
import type { SettingsPreview, SettingsSource } from '../../../shared/profiles.ts'
import { wordsOf } from '../../ui/call-error.ts'
import { Notice } from '../../ui/notice.tsx'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { useSettingsPreview } from '../profiles-queries.ts'
import type { PickWhat } from '../use-pick-file.tsx'
import css from './import-dialog.module.css'
import { PastedText, PickedFile } from './source-fields.tsx'
import { Understood } from './understood.tsx'

/** Milliseconds after the last key before a text is read. */
const TYPING_PAUSE = 200

interface ImportDialogProps {
  onPickFile: (what: PickWhat) => Promise<string | null>
  /** A file is being chosen, in a dialog above this one. */
  isPicking: boolean
  onClose: () => void
  /** The person wants to go on; `file` is the one they picked, for sqlite. */
  onTake: (preview: SettingsPreview, file: string | null) => void
}

type Kind = SettingsSource['kind']
const kinds: { value: Kind; label: string }[] = [
  { value: 'text', label: 'Connection string' },
  { value: 'file', label: '.env file' },
  { value: 'environment', label: 'Environment of Roster' },
]

export function ImportDialog({ onPickFile, isPicking, onClose, onTake }: ImportDialogProps) {
  useReturnFocus()
  const [kind, setKind] = useState<Kind>('text')
  const [text, setText] = useState('')
  const [format, setFormat] = useState<ConnectionFormat | null>(null)
  const [path, setPath] = useState<string | null>(null)
  const [pickProblem, setPickProblem] = useState<unknown>(null)
  const [accepted, setAccepted] = useState<readonly string[]>([])
  const [picked, setPicked] = useState<string | null>(null)
  const [settled] = useDebouncedValue(text.trim(), TYPING_PAUSE)

  const source = sourceOf(kind, settled, format, path)
  const { data, error, isFetching } = useSettingsPreview(source, accepted)
  const preview = source && !error ? data : undefined
  const isBehind = isFetching || (kind === 'text' && text.trim() !== settled)
  const candidates = preview?.candidates ?? []
  // One alone is meant; of several the person picks one.
  const file =
    candidates.find(({ path: each }) => each === picked)?.path ?? (candidates.length === 1 ? candidates[0]?.path : null)
  const problem = pickProblem ?? (source ? error : null)

  /** What was agreed to was agreed to for another text. */
  const begin = (next: Kind) => {
    setKind(next)
    setAccepted([])
    setPicked(null)
    setPickProblem(null)
  }
  const choose = async () => {
    setPickProblem(null)
    try {
      const next = await onPickFile('settings')
      if (next === null) return
      begin('file')
      setPath(next)
    } catch (caught) {
      setPickProblem(caught)
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={!isPicking}
      title="Import settings"
      size={720}
      padding={0}
      styles={{ header: { padding: '10px 16px 4px' } }}
    >
      <div className={css.body}>
        <SegmentedControl
          fullWidth
          size="xs"
          transitionDuration={80}
          aria-label="Where the settings are"
          data={kinds}
          value={kind}
          onChange={begin}
        />
        <p className={css.from}>Nothing is stored or connected yet.</p>
        {kind === 'text' && (
          <PastedText
            text={text}
            preview={preview}
            onText={(next) => {
              begin('text')
              setText(next)
              setFormat(null)
            }}
            onFormat={(next) => {
              begin('text')
              setFormat(next)
            }}
          />
        )}
        {kind === 'file' && <PickedFile path={path} onChoose={() => void choose()} />}
        {problem !== null && !(isBehind && kind === 'text') && (
          // Of a text that is being typed, what it lacks is no alarm.
          <div role={kind === 'text' ? 'status' : 'alert'} className={css.notes}>
            <Notice tone={kind === 'text' ? 'warn' : 'bad'}>
              {wordsOf(problem).message} {wordsOf(problem).hint}
            </Notice>
          </div>
        )}
        {preview && (
          <Understood
            preview={preview}
            accepted={accepted}
            onAccepted={setAccepted}
            file={file ?? null}
            onFile={setPicked}
          />
        )}
      </div>
      <Group justify="flex-end" gap="sm" className={css.foot ?? ''}>
        <Button onClick={onClose}>Cancel</Button>
        <ReasonButton
          variant="filled"
          reason={whyNot(kind, source, preview, isBehind, file ?? null)}
          onClick={() => preview && onTake(preview, file ?? null)}
        >
          Fill in the form
        </ReasonButton>
      </Group>
    </Modal>
  )
}

function sourceOf(
  kind: Kind,
  text: string,
  format: ConnectionFormat | null,
  path: string | null,
): SettingsSource | null {
  if (kind === 'environment') return { kind }
  if (kind === 'file') return path === null ? null : { kind, path }
  return text === '' ? null : { kind, text, ...(format && { format }) }
}

/** Null when the form can be filled. */
function whyNot(
  kind: Kind,
  source: SettingsSource | null,
  preview: SettingsPreview | undefined,
  isBehind: boolean,
  file: string | null,
): string | null {
  if (!source && !isBehind) return kind === 'file' ? 'Choose a file first.' : 'Paste a connection string first.'
  if (isBehind) return 'It is being read.'
  if (!preview) return 'Nothing was understood yet.'
  if (!preview.draft) return 'It is not known which database is meant.'
  const isOpen = preview.draft.dialect === 'sqlite' && preview.candidates.length > 0 && file === null
  return isOpen ? 'Pick one of the files first.' : null
}
