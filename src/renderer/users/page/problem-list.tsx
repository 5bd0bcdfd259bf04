// What is wrong with a user, a line each.
import type { UserProblem } from '../../../shared/user-checks.ts'
import css from './user-page.module.css'

/** `isNamed`: with the column before each. */
export function ProblemList({ problems, isNamed = false }: { problems: readonly UserProblem[]; isNamed?: boolean }) {
  return problems.map(({ column, weight, words }) => (
    <p key={`${column} ${words}`} className={css.problem} data-weight={weight}>
      {isNamed && <b>{column}: </b>}
      {words}
    </p>
  ))
}
