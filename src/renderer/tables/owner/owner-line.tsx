// Whose table it is, in the line below the grid; how that was seen opens above it.
import { Popover } from '@mantine/core'
import type { TableDescription } from '../../../shared/tables.ts'
import { consequenceOf, evidenceOf } from '../../ui/owner-words.ts'
import { touchesOf } from './touched.ts'
import css from './owner.module.css'

/** Nothing while it is not known yet, and for a view, which nobody writes. */
export function OwnerLine({ description }: { description: TableDescription }) {
  const { owner, kind } = description
  if (!owner || kind === 'view') return null
  const touches = touchesOf(description)
  return (
    <Popover position="top-start" shadow="sm" width={420} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={css.line} title="How the owner was recognised">
          Owner: {owner.words}
        </button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Owner">
        <h3 className={css.title} tabIndex={-1} data-autofocus>
          {owner.words === 'unknown' ? 'The owner is not known' : owner.words}
        </h3>
        <ul className={css.evidence}>
          {evidenceOf(owner).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
        {touches.length > 0 && (
          <>
            <h4 className={css.subtitle}>Set in every save, as the owner does</h4>
            <ul className={css.evidence}>
              {touches.map(({ column, words }) => (
                <li key={column}>{words}</li>
              ))}
            </ul>
          </>
        )}
        <p className={css.note}>{consequenceOf(owner)}</p>
      </Popover.Dropdown>
    </Popover>
  )
}
