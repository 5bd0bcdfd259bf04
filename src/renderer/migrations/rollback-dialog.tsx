// Asks before the last batch is rolled back: which steps, in which order, and what is lost.
import { Button, Group, Modal, Text } from '@mantine/core'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { plural } from '../ui/wording.ts'
import type { MigrationList } from './migrations-queries.ts'
import css from './rollback-dialog.module.css'

interface RollbackDialogProps {
  list: MigrationList
  staged: number
  onClose: () => void
  onConfirm: () => void
}

export function RollbackDialog({ list, staged, onClose, onConfirm }: RollbackDialogProps) {
  useReturnFocus()
  const steps = list.lastBatch.map(
    (name) => list.steps.find((step) => step.name === name) ?? { name, summary: '', batch: null },
  )
  const batch = steps[0]?.batch
  return (
    <Modal opened onClose={onClose} title="Roll back the last batch?" size={560}>
      <Text>
        Rolls back batch {batch}: {plural(steps.length, 'step')}, in this order. Rows in dropped tables are lost.
      </Text>
      <ol className={css.steps}>
        {steps.map((step) => (
          <li key={step.name}>
            <span className={css.name}>{step.name}</span>
            {step.summary && <span className={css.summary}>Undoes: {step.summary}</span>}
          </li>
        ))}
      </ol>
      {staged > 0 && (
        <Text c="dimmed">
          {plural(staged, 'staged edit')} of this database may no longer fit its tables afterwards.
        </Text>
      )}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button variant="filled" color="red" onClick={onConfirm}>
          Roll back
        </Button>
      </Group>
    </Modal>
  )
}
