// One step of a plan: whether it is kept as a whole, what it sends, and why its plan may end early.
import { Button } from '@mantine/core'
import { ChevronRight, CircleAlert, Layers, ListOrdered, Lock, OctagonPause, TriangleAlert, Undo2 } from 'lucide-react'
import { memo, useState } from 'react'
import type { StepPlan } from '../../../shared/migration-runs.ts'
import { Notice } from '../../ui/notice.tsx'
import { count, plural } from '../../ui/wording.ts'
import { drawnOf, summaryOf } from './plan-summary.ts'
import { StatementItem } from './statement-item.tsx'
import { Tag } from './tag.tsx'
import css from './plan.module.css'

/** Statements that one press of "Show more" adds. */
const MORE = 200

interface StepItemProps {
  plan: StepPlan
  /** Statements drawn at first; 0: the step is closed at first. */
  firstLimit: number
  /** Why none of the steps is rehearsed is said above them. */
  isRehearsalTold: boolean
}

/** Steps come one after the other; those that are there are not drawn again. */
export const StepItem = memo(function StepItem({ plan, firstLimit, isRehearsalTold }: StepItemProps) {
  const [isOpen, setOpen] = useState(firstLimit > 0)
  const { destructive, cannotBeUndone, stops } = summaryOf([plan])
  return (
    <section className={css.step} aria-label={plan.name}>
      <button type="button" className={css.stepHead} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <ChevronRight size={14} className={css.chevron} data-open={isOpen || undefined} aria-hidden />
        <span className={css.name}>{plan.name}</span>
        {plan.direction === 'down' && (
          <Tag tone="note" icon={Undo2}>
            Undone
          </Tag>
        )}
        {plan.isAtomic ? (
          <Tag tone="good" icon={Layers} hint="One transaction: all of it is kept or nothing.">
            All or nothing
          </Tag>
        ) : (
          <Tag
            icon={ListOrdered}
            hint="Each statement is kept by itself. A failure in the middle leaves those before it."
          >
            Statement by statement
          </Tag>
        )}
        {destructive > 0 && (
          <Tag tone="bad" icon={CircleAlert}>
            {count(destructive)} destructive
          </Tag>
        )}
        {cannotBeUndone > 0 && (
          <Tag tone="warn" icon={Lock}>
            {count(cannotBeUndone)} cannot be undone
          </Tag>
        )}
        {stops > 0 && (
          <Tag tone="warn" icon={OctagonPause} hint="All nodes wait until such a statement is done on all of them.">
            {count(stops)} {stops === 1 ? 'stops' : 'stop'} the cluster
          </Tag>
        )}
        {plan.problem !== null && (
          <Tag tone="warn" icon={TriangleAlert}>
            Not known to the end
          </Tag>
        )}
        <span className={css.counted}>{plural(plan.statements.length, 'statement')}</span>
      </button>
      {isOpen && <Statements plan={plan} firstLimit={firstLimit || MORE} isRehearsalTold={isRehearsalTold} />}
    </section>
  )
})

function Statements({ plan, firstLimit, isRehearsalTold }: StepItemProps) {
  const { statements, notes, notRehearsed, problem } = plan
  const [limit, setLimit] = useState(firstLimit)
  return (
    <div className={css.stepBody}>
      {notes.map((note) => (
        <Notice key={note} tone="note">
          {note}
        </Notice>
      ))}
      {!isRehearsalTold && notRehearsed !== null && notRehearsed !== problem && (
        <Notice tone="note">Not rehearsed: {notRehearsed}</Notice>
      )}
      {statements.length > 0 && (
        <ol className={css.statements}>
          {drawnOf(statements, limit).map((drawn, index) =>
            'at' in drawn ? (
              <StatementItem key={drawn.at} number={drawn.at + 1} statement={statements[drawn.at]!} />
            ) : (
              <li key={`left out ${index}`} className={css.leftOut}>
                {plural(drawn.leftOut, 'statement')} not drawn; the copied text has all of them.
                <Button onClick={() => setLimit(limit + MORE)}>Show {count(Math.min(MORE, drawn.leftOut))} more</Button>
              </li>
            ),
          )}
        </ol>
      )}
      {statements.length === 0 && problem === null && <p className={css.none}>It sends nothing.</p>}
      {problem !== null && <Notice tone="warn">{problem}</Notice>}
    </div>
  )
}
