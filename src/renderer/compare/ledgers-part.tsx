// How far the migrations of each side are, by Roster's ledger and by those of other tools.
import { useQuery } from '@tanstack/react-query'
import type { MigrationList } from '../../shared/migration-steps.ts'
import { isPending } from '../../shared/migration-order.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { count, plural } from '../ui/wording.ts'
import css from './compare.module.css'
import type { Side } from './sides.ts'

export function LedgersPart({ left, right }: { left: Side; right: Side }) {
  return (
    <section className={css.scroll} aria-label="Ledgers">
      <div className={css.ledgers}>
        <Ledger side={left} />
        <Ledger side={right} />
      </div>
    </section>
  )
}

function Ledger({ side: { profileId, name } }: { side: Side }) {
  // As the screen of the migrations reads it, under the same key.
  const { data, error } = useQuery({
    queryKey: ['migrations', profileId, 'list'],
    queryFn: ({ signal }) => api.migrations.list({ profileId }, { signal }),
    staleTime: 5_000,
  })
  return (
    <section className={css.ledger} aria-label={`Ledger of ${name}`}>
      <h3 className={css.title}>{name}</h3>
      {error && <p className={css.sentence}>{wordsOf(error).message}</p>}
      {data && <State list={data} />}
    </section>
  )
}

function State({ list }: { list: MigrationList }) {
  const applied = list.steps.filter(({ appliedAt, state }) => appliedAt !== null || state === 'applied')
  const pending = list.steps.filter(isPending)
  const last = applied.at(-1)
  return (
    <>
      <p className={css.sentence}>
        {applied.length === 0
          ? 'No step of Roster is applied.'
          : `${plural(applied.length, 'step')} applied, the last one ${last?.name ?? ''}.`}
        {pending.length > 0 && ` ${plural(pending.length, 'step')} pending.`}
      </p>
      {list.half && <p className={css.sentence}>{list.half.name} ended in the middle.</p>}
      {list.steps
        .filter(({ problem }) => problem !== null)
        .map(({ name, problem }) => (
          <p key={name} className={css.sentence}>
            {name}: {problem}
          </p>
        ))}
      {list.otherTools.map(({ tool, where, lines, count: all }) => (
        <div key={`${tool} ${where}`} className={css.tool}>
          <span className={css.strong}>{tool}</span> <span className={css.dim}>in {where}</span>
          <pre className={css.lines}>{lines.slice(0, 5).join('\n')}</pre>
          {all > 5 && <div className={css.dim}>and {count(all - Math.min(5, lines.length))} older</div>}
        </div>
      ))}
    </>
  )
}
