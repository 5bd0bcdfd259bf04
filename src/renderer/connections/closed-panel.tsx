// A server profile that nobody has opened: says so, and opens it.
import { Button } from '@mantine/core'
import { PlugZap } from 'lucide-react'
import { addressOf, type ServerProfile } from '../../shared/profiles.ts'
import { Panel } from '../ui/panel.tsx'
import { openServer } from './use-connecting.ts'

export function ClosedPanel({ profile }: { profile: ServerProfile }) {
  const open = (
    <Button variant="filled" onClick={() => openServer(profile.id)}>
      Open
    </Button>
  )
  return (
    <Panel icon={<PlugZap size={22} />} title={`${profile.name} is closed`} actions={open}>
      <p>{addressOf(profile)}</p>
      <p>There is no connection to this server. Staged edits of this profile are kept.</p>
    </Panel>
  )
}
