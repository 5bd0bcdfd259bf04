// Asks before something is done about a half step: what it does, and what it touches.
import type { HalfStep } from '../../shared/migration-steps.ts'
import { plural } from '../ui/wording.ts'
import { ConsentDialog } from './consent-dialog.tsx'
import css from './consent-dialog.module.css'

export type HalfChoice = keyof HalfStep['choices']

interface HalfDialogProps {
  half: HalfStep
  choice: HalfChoice
  resumeFrom: number
  staged: number
  onClose: () => void
  onConfirm: () => void
}

const LEDGER = 'The ledger (knex_migrations)'
const JOURNAL = 'Roster’s journal: an entry of this run.'
const DECISION = 'Roster’s journal: one entry that says who decided it, and when.'
const NO_TABLE = 'No other table. No statement of the step is sent.'

export function HalfDialog({ half, choice, resumeFrom, staged, onClose, onConfirm }: HalfDialogProps) {
  const { name, direction } = half
  const isDown = direction === 'down'
  const common = { onClose, onConfirm }
  const next = half.statements[resumeFrom]
  const stagedWords = staged > 0 && (
    <p>{plural(staged, 'staged edit')} of this database may no longer fit its tables afterwards.</p>
  )
  switch (choice) {
    case 'resume':
      return (
        <ConsentDialog
          {...common}
          title={`Resume ${name}?`}
          confirm="Resume"
          isDangerous={isDown}
          touches={[
            'Whatever the statements from there on change.',
            `${LEDGER}: ${isDown ? 'its row is removed' : 'its row is written'} when the step is through.`,
            JOURNAL,
          ]}
        >
          <p>
            Runs the step again and begins with statement {resumeFrom + 1}.{' '}
            {resumeFrom > 0 &&
              `${plural(resumeFrom, 'statement')} before it ${resumeFrom === 1 ? 'is' : 'are'} left out.`}
          </p>
          {next && <pre className={css.sql}>{next.sql}</pre>}
          <p>
            Statements are left out only as long as their text and values are those of the journal. Where they differ,
            the run stops before it has changed anything.
          </p>
          {stagedWords}
        </ConsentDialog>
      )
    case 'undo':
      return (
        <ConsentDialog
          {...common}
          title={`Undo what was done of ${name}?`}
          confirm="Undo what was done"
          isDangerous
          touches={[
            'Whatever the statements change. Rows in dropped tables and columns are lost.',
            `${LEDGER}: afterwards the step ${isDown ? 'is' : 'is not'} in it.`,
            JOURNAL,
          ]}
        >
          <p>
            Runs the other direction of the step for what of it was done. It was written for the whole step, so a
            statement of it may meet something that is not there, and fail.
          </p>
          {stagedWords}
        </ConsentDialog>
      )
    case 'markApplied':
      return (
        <ConsentDialog
          {...common}
          title={`Mark ${name} as applied?`}
          confirm="Mark as applied"
          touches={[`${LEDGER}: the step is in it afterwards.`, DECISION, NO_TABLE]}
        >
          <p>
            To be chosen when all that the step makes is there, because it was finished by hand. Later runs do not run
            it again.
          </p>
        </ConsentDialog>
      )
    case 'markNotApplied':
      return (
        <ConsentDialog
          {...common}
          title={`Mark ${name} as not applied?`}
          confirm="Mark as not applied"
          touches={[`${LEDGER}: the step is not in it afterwards.`, DECISION, NO_TABLE]}
        >
          <p>
            To be chosen when nothing is left of the step, because it was cleaned up by hand. What is still there of it
            stays, and running the step again may fail on it.
          </p>
        </ConsentDialog>
      )
  }
}
