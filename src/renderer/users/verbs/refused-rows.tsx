// Rows that a verb cannot change: each one by name, and why.
import type { TableDescription } from '../../../shared/tables.ts'
import type { RefusedCell } from '../../tables/clipboard/paste-plan.ts'
import { rowInWords } from '../../tables/describe-change.ts'
import { plural } from '../../ui/wording.ts'
import css from './verbs.module.css'

/** Refused rows that are listed; the others are counted. */
const LISTED = 200

export function RefusedRows({ description, refused }: { description: TableDescription; refused: RefusedCell[] }) {
  if (refused.length === 0) return null
  return (
    <>
      <h3 className={css.part}>
        {plural(refused.length, 'row')} {refused.length === 1 ? 'is' : 'are'} refused and left as{' '}
        {refused.length === 1 ? 'it is' : 'they are'}
      </h3>
      <ul className={css.refused} aria-label="Refused rows" tabIndex={0}>
        {refused.slice(0, LISTED).map(({ line, column, why }, at) => (
          <li key={at}>
            <b>
              {line.row ? rowInWords(description.key, line.row.key) : 'new row'}, {column}:
            </b>{' '}
            {why}
          </li>
        ))}
      </ul>
      {refused.length > LISTED && <p className={css.note}>and {plural(refused.length - LISTED, 'more row')}.</p>}
    </>
  )
}
