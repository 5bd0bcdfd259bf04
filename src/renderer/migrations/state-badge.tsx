// The state of a step: a word and a sign, never a colour alone.
import { Check, CircleDashed, FileX, ListOrdered, PencilLine, Split, Tag, type LucideIcon } from 'lucide-react'
import type { StepState } from '../../shared/migration-steps.ts'
import { stateMeanings, stateNames } from './step-words.ts'
import css from './state-badge.module.css'

const icons: Record<StepState, LucideIcon> = {
  applied: Check,
  pending: CircleDashed,
  'out-of-order': ListOrdered,
  changed: PencilLine,
  renamed: Tag,
  missing: FileX,
  half: Split,
}

export function StateBadge({ state }: { state: StepState }) {
  const Icon = icons[state]
  return (
    <span className={css.badge} data-state={state} title={stateMeanings[state]}>
      <Icon size={13} aria-hidden />
      {stateNames[state]}
    </span>
  )
}
