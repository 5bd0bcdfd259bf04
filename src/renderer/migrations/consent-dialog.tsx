// Asks before something is done to the database: what it does, what it touches, and the button that does it.
import { Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import css from './consent-dialog.module.css'

interface ConsentDialogProps {
  title: string
  children: ReactNode
  /** What will be written, one line each; empty where `children` say it. */
  touches?: readonly string[]
  /** The words of the button that does it. */
  confirm: string
  isDangerous?: boolean
  onClose: () => void
  onConfirm: () => void
}

export function ConsentDialog({ title, children, touches = [], confirm, isDangerous, ...on }: ConsentDialogProps) {
  useReturnFocus()
  return (
    <Modal opened onClose={on.onClose} title={title} size={580}>
      <div className={css.text}>{children}</div>
      {touches.length > 0 && (
        <section className={css.touches} aria-label="What it touches">
          <h3 className={css.subtitle}>What it touches</h3>
          <ul>
            {touches.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button onClick={on.onClose} data-autofocus>
          Cancel
        </Button>
        <Button variant="filled" {...(isDangerous && { color: 'red' })} onClick={on.onConfirm}>
          {confirm}
        </Button>
      </Group>
    </Modal>
  )
}
