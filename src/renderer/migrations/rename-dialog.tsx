// Asks before the ledger takes the name that a renamed file has now.
import type { MigrationStep } from '../../shared/migration-steps.ts'
import { ConsentDialog } from './consent-dialog.tsx'

interface RenameDialogProps {
  step: MigrationStep
  onClose: () => void
  onConfirm: () => void
}

export function RenameDialog({ step: { name, ledgerName }, onClose, onConfirm }: RenameDialogProps) {
  return (
    <ConsentDialog
      title="Rename in the ledger?"
      confirm="Rename in the ledger"
      touches={[
        `The ledger (knex_migrations): the row “${ledgerName ?? name}” is called “${name}” afterwards.`,
        'Roster’s journal: the same name, so that its record stays with the step.',
        'No other table. Nothing is run.',
      ]}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p>
        The step was applied as {ledgerName ?? 'another name'}; its file has the same content and is called {name} now.
      </p>
    </ConsentDialog>
  )
}
