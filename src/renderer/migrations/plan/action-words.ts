// What an action is called, in words that fit a title and a button.
import type { MigrationAction } from '../../../shared/migration-runs.ts'

interface ActionWords {
  /** After "Plan:" and "Rehearsal:". */
  title: string
  /** The button that does it. */
  verb: string
}

export function actionWords(action: MigrationAction): ActionWords {
  switch (action.kind) {
    case 'all':
      return { title: 'every pending step', verb: 'Run all' }
    case 'next':
      return { title: 'the next step', verb: 'Run next' }
    case 'up-to':
      return { title: `up to ${action.name}`, verb: 'Run up to here' }
    case 'rollback':
      return { title: 'roll back the last batch', verb: 'Roll back' }
    case 'down-to':
      return { title: `roll back down to ${action.name}`, verb: 'Roll back' }
    case 'resume':
      return { title: `resume ${action.name}`, verb: 'Resume' }
    case 'undo':
      return { title: `undo what was done of ${action.name}`, verb: 'Undo' }
  }
}
