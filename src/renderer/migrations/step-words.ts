// Words for what is known of one step.
import type { MigrationStep, StepState } from '../../shared/migration-steps.ts'

export const stateNames: Record<StepState, string> = {
  applied: 'Applied',
  pending: 'Pending',
  'out-of-order': 'Out of order',
  changed: 'Changed',
  renamed: 'Renamed',
  missing: 'Missing file',
  half: 'Half done',
}

/** What a state means, for who meets it the first time. */
export const stateMeanings: Record<StepState, string> = {
  applied: 'The ledger has it, and its file is the one that was run.',
  pending: 'It has not been run on this database.',
  'out-of-order': 'It has not been run, though a later step has.',
  changed: 'It was run, and its file is another now.',
  renamed: 'It was run under another name.',
  missing: 'The ledger has it, and the folder has no file for it.',
  half: 'A run of it ended in the middle.',
}

const writers: Record<NonNullable<MigrationStep['appliedBy']>, string | null> = {
  run: null,
  adopted: 'adopted',
  marked: 'marked by hand',
  renamed: 'renamed in the ledger',
  elsewhere: 'by another program',
}

/** Who wrote the ledger's row, and how where it was no run of Roster's: "ann@laptop, adopted". Empty where nothing is known. */
export function whoWords({ person, appliedBy }: Pick<MigrationStep, 'person' | 'appliedBy'>): string {
  return [person, appliedBy && writers[appliedBy]].filter(Boolean).join(', ')
}

/** The form that knex and Roster write times in is shown to the second, any other as it is. */
export function utcTime(time: string | null): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00)$/.exec(time ?? '')
  return parts ? `${parts[1]} ${parts[2]} UTC` : (time ?? '')
}

/** "12 steps · 9 applied · 3 pending", and the states that need a look. */
export function summaryOf(steps: readonly Pick<MigrationStep, 'state'>[]): string {
  const of = (...states: StepState[]) => steps.filter(({ state }) => states.includes(state)).length
  const parts: [number, string, boolean][] = [
    [steps.length, steps.length === 1 ? 'step' : 'steps', true],
    [of('applied', 'changed', 'renamed', 'missing'), 'applied', true],
    [of('pending', 'out-of-order'), 'pending', true],
    [of('half'), 'half done', false],
    [of('out-of-order'), 'out of order', false],
    [of('changed'), 'changed', false],
    [of('renamed'), 'renamed', false],
    [of('missing'), 'without a file', false],
  ]
  return parts
    .filter(([number, , isAlways]) => isAlways || number > 0)
    .map(([number, words]) => `${number.toLocaleString('en-US')} ${words}`)
    .join(' · ')
}
