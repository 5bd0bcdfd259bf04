// The form that a `roster:` link fills in. Anybody can write a link, so the person reads the path and decides.
import { Button, Group, Modal, Text } from '@mantine/core'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import css from './remove-dialog.module.css'

/** What a link asked for: a file to open, or nothing that Roster makes anything of. */
export type AskedByLink = { path: string } | { problem: string }

interface LinkDialogProps {
  asked: AskedByLink
  onClose: () => void
  onOpen: (path: string) => void
}

export function LinkDialog({ asked, onClose, onOpen }: LinkDialogProps) {
  useReturnFocus()
  if ('problem' in asked) {
    return (
      <Modal opened onClose={onClose} title="A link was refused" size={480}>
        <Text role="alert">{asked.problem}</Text>
        <Group justify="flex-end" mt="lg">
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Modal>
    )
  }
  return (
    <Modal opened onClose={onClose} title="Open a SQLite file" size={480}>
      <Text>A link outside of Roster asks to open this file. Nothing was opened yet.</Text>
      <div className={css.path}>{asked.path}</div>
      <Group justify="flex-end" gap="sm" mt="lg">
        {/* Has the focus, so that a key pressed for another window opens nothing. */}
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button variant="filled" onClick={() => onOpen(asked.path)}>
          Open
        </Button>
      </Group>
    </Modal>
  )
}
