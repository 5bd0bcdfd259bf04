// The statements of a half step, in the order in which they were sent, each with what became of it.
import { Check, CircleAlert, CircleHelp } from 'lucide-react'
import type { HalfStep } from '../../shared/migration-steps.ts'
import { oneLine } from './run-log.ts'
import css from './half-banner.module.css'

type StatementState = HalfStep['statements'][number]['state']

const words: Record<StatementState, { text: string; icon: typeof Check }> = {
  done: { text: 'done', icon: Check },
  'under-way': { text: 'done or not', icon: CircleHelp },
  failed: { text: 'failed', icon: CircleAlert },
}

interface HalfStatementsProps {
  statements: HalfStep['statements']
  /** The first that a resumed run would send. */
  resumeFrom: number
}

export function HalfStatements({ statements, resumeFrom }: HalfStatementsProps) {
  if (statements.length === 0) return null
  return (
    <ol className={css.statements} aria-label="Statements that were sent" tabIndex={0}>
      {statements.map(({ sql, state }, number) => {
        const { text, icon: Icon } = words[state]
        return (
          <li key={number} className={css.statement} data-state={state}>
            <span className={css.number}>{number + 1}</span>
            <span className={css.state}>
              <Icon size={13} aria-hidden /> {text}
            </span>
            <code className={css.sql} title={sql}>
              {oneLine(sql)}
            </code>
            {number === resumeFrom && <span className={css.from}>Resuming begins here</span>}
          </li>
        )
      })}
    </ol>
  )
}
