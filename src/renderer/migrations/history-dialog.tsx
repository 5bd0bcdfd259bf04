// What was done with the steps of this database: who, when, how long, and how it ended; to be copied and saved as text.
import { Button, Group, Loader, Modal } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Check, ClipboardCopy, Download } from 'lucide-react'
import { wordsOf } from '../ui/call-error.ts'
import { Notice } from '../ui/notice.tsx'
import { ReasonButton } from '../ui/reason-button.tsx'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { HistoryTable } from './history-table.tsx'
import { historyFileName, historyText } from './history-text.ts'
import { useHistory, useProfileName } from './migrations-queries.ts'
import { saveText } from './save-text.ts'
import css from './history.module.css'

/** As many as core gives out at once. */
const LIMIT = 1000

export function HistoryDialog({ profileId, onClose }: { profileId: string; onClose: () => void }) {
  useReturnFocus()
  const { data, error, isFetching, refetch } = useHistory(profileId)
  const name = useProfileName(profileId)
  const { copied, copy } = useClipboard()
  const text = () => historyText(data ?? [], `Migrations of ${name}, ${new Date().toISOString()}`)
  const nothing = data && data.length > 0 ? null : 'There is nothing in the history.'
  return (
    <Modal opened onClose={onClose} title="History of the migrations" size={1240}>
      <div className={css.body}>
        {error && !data && (
          <Notice
            tone="bad"
            actions={
              <Button loading={isFetching} onClick={() => void refetch()}>
                Try again
              </Button>
            }
          >
            {wordsOf(error).message} {wordsOf(error).hint}
          </Notice>
        )}
        {!data && !error && <Loader size={18} aria-label="Reading the history" />}
        {data && data.length === 0 && (
          <p className={css.empty}>
            Roster has not run, adopted or marked a step of this database yet. What other programs ran is in the list
            alone.
          </p>
        )}
        {data && data.length > 0 && <HistoryTable entries={data} />}
      </div>
      <Group gap="sm" mt="lg">
        {data && data.length >= LIMIT && <span className={css.limit}>The newest {LIMIT} are shown.</span>}
        <div className={css.space} />
        <ReasonButton
          reason={nothing}
          leftSection={copied ? <Check size={14} /> : <ClipboardCopy size={14} />}
          onClick={() => copy(text())}
        >
          {copied ? 'Copied' : 'Copy as text'}
        </ReasonButton>
        <ReasonButton
          reason={nothing}
          leftSection={<Download size={14} />}
          onClick={() => saveText(historyFileName(name, new Date()), text())}
        >
          Save as text
        </ReasonButton>
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Modal>
  )
}
