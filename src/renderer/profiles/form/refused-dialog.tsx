// What a test of the form's settings was shown and did not accept: to be looked at, and trusted where that is possible.
import { Modal } from '@mantine/core'
import type { ConnectCause } from '../../../shared/connections.ts'
import type { Pin } from '../../../shared/reaching.ts'
import { api } from '../../api.ts'
import { CertificatePanel } from '../../ui/trust/certificate-panel.tsx'
import { HostKeyPanel } from '../../ui/trust/host-key-panel.tsx'
import { useReturnFocus } from '../../ui/use-return-focus.ts'

interface RefusedDialogProps {
  cause: ConnectCause
  onClose: () => void
  /** The certificate is to be trusted by this profile. */
  onPin: (pin: Pin) => void
  /** The host key is known from now on. */
  onKeyTrusted: () => void
}

export function RefusedDialog({ cause, onClose, onPin, onKeyTrusted }: RefusedDialogProps) {
  useReturnFocus()
  const { certificate, hostKey } = cause
  return (
    <Modal
      opened
      onClose={onClose}
      size={680}
      title={certificate ? 'The certificate was not accepted' : 'The key of the SSH machine'}
    >
      {certificate && (
        <CertificatePanel
          certificate={certificate}
          verb="Trust it in this profile"
          onTrust={({ host, port, fingerprint }) => Promise.resolve(onPin({ host, port, fingerprint }))}
        />
      )}
      {hostKey && (
        <HostKeyPanel
          hostKey={hostKey}
          verb="Trust this key and test again"
          onTrust={async ({ host, port, type, fingerprint }) => {
            await api.connections.trustHostKey({ host, port, type, fingerprint })
            onKeyTrusted()
          }}
        />
      )}
    </Modal>
  )
}
