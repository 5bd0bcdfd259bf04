// Whose table it is, and by which signs that was seen.
import type { Owner } from '../../shared/owners.ts'
import { consequenceOf, evidenceOf } from '../ui/owner-words.ts'
import css from './structure.module.css'

export function OwnerPart({ owner }: { owner: Owner }) {
  return (
    <section className={css.part} aria-label="Owner">
      <h3 className={css.title}>
        Owner
        <span className={css.count}>{owner.words}</span>
      </h3>
      <ul className={css.evidence}>
        {evidenceOf(owner).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <p className={css.none}>{consequenceOf(owner)}</p>
    </section>
  )
}
