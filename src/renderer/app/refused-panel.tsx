// The host does not know this page: nothing can be asked until a fresh link is opened.
import { Button } from '@mantine/core'
import { Unplug } from 'lucide-react'
import { retryNow } from '../api.ts'
import { useLink } from '../ui/use-link.ts'
import { Panel } from '../ui/panel.tsx'

export function RefusedPanel({ hasStagedEdits }: { hasStagedEdits: boolean }) {
  const { message } = useLink()
  return (
    <Panel
      isProblem
      icon={<Unplug size={22} />}
      title="This page needs a fresh link from Roster"
      actions={<Button onClick={retryNow}>Try again</Button>}
    >
      <p>{message}</p>
      {hasStagedEdits && <p>Staged edits are kept while this page stays open.</p>}
    </Panel>
  )
}
