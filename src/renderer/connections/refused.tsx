// What was refused on the way to a server: its certificate, or the key of the SSH machine; with the way to trust it.
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { ConnectCause } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { CertificatePanel } from '../ui/trust/certificate-panel.tsx'
import { HostKeyPanel } from '../ui/trust/host-key-panel.tsx'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { connection } from './connection-calls.ts'
import { useReadProfiles } from './use-read-profiles.ts'
import css from './waiting-screen.module.css'

interface RefusedProps {
  profile: ServerProfile
  cause: ConnectCause
}

/** Nothing where the cause is neither. */
export function Refused({ profile, cause }: RefusedProps) {
  if (!cause.certificate && !cause.hostKey) return null
  return (
    <div className={css.refused}>
      <Shown profile={profile} cause={cause} />
    </div>
  )
}

function Shown({ profile, cause: { certificate, hostKey } }: RefusedProps) {
  const readProfiles = useReadProfiles()
  if (certificate) {
    return (
      <CertificatePanel
        key={certificate.fingerprint}
        certificate={certificate}
        verb="Trust it and connect"
        onTrust={async (each) => {
          await connection.trustCertificate(profile.id, each)
          // The profile has a pin more, which its form would take away again.
          await readProfiles()
        }}
      />
    )
  }
  if (!hostKey) return null
  return (
    <HostKeyPanel
      key={hostKey.fingerprint}
      hostKey={hostKey}
      verb="Trust this key and connect"
      onTrust={(each) => connection.trustHostKey(profile.id, each)}
    />
  )
}

/** The same from a line that has no room for it. */
export function LookAtRefused({ profile, cause, className }: RefusedProps & { className: string | undefined }) {
  const [isOpen, setOpen] = useState(false)
  if (!cause.certificate && !cause.hostKey) return null
  return (
    <>
      <Button className={className ?? ''} onClick={() => setOpen(true)}>
        {cause.certificate ? 'Look at the certificate' : 'Look at the key'}
      </Button>
      {isOpen && <RefusedModal profile={profile} cause={cause} onClose={() => setOpen(false)} />}
    </>
  )
}

function RefusedModal({ profile, cause, onClose }: RefusedProps & { onClose: () => void }) {
  useReturnFocus()
  return (
    <Modal
      opened
      onClose={onClose}
      size={680}
      title={cause.certificate ? 'The certificate was not accepted' : 'The key of the SSH machine'}
    >
      <Shown profile={profile} cause={cause} />
    </Modal>
  )
}
