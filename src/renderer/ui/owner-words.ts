// The owner of a table in plain words.
import type { Owner, Touch } from '../../shared/owners.ts'

const NAMES = 'SQLAlchemy, Alembic, Flask-Security, PyDAL, web2py, py4web, GORM and Django'

/** Why it is taken for the owner, a sentence each. */
export function evidenceOf({ name, evidence }: Owner): readonly string[] {
  return name === 'unknown' ? [`The table shows no sign of ${NAMES}.`] : evidence
}

/** What follows from it for new values. */
export function consequenceOf({ writer, words }: Owner): string {
  return writer === 'unknown'
    ? 'New values are written as the present ones are.'
    : `New values are written as the present ones are; in an empty column, as ${words} writes.`
}

/** "Flask-Security" of "Flask-Security (SQLAlchemy)". */
export const shortName = ({ words }: Owner): string => words.replace(/ \(.*\)$/, '')

/** Behind the name of a column that a save sets by itself. */
export const setInWords = (owner: Owner, { on }: Touch): string =>
  `set when saved, as ${shortName(owner)} does in ${on === 'insert' ? 'a new row' : 'every change'}`
