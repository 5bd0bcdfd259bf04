// Users by email: how many are the same, and lists of those who are not, to look at and to copy across.
import { Button, Progress, SegmentedControl } from '@mantine/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { MOST_LISTED, type ColumnPair, type ComparedTable, type Comparison } from '../../shared/compare.ts'
import type { Change } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { Notice } from '../ui/notice.tsx'
import { count, plural } from '../ui/wording.ts'
import { kindWords, noneWords, partnerWords, progressOf, progressWords, type Kind } from './compare-words.ts'
import css from './compare.module.css'
import { comparedOf, type Side } from './sides.ts'
import { useComparison } from './use-comparison.ts'
import { UsersOfKind } from './users-of-kind.tsx'

export interface UsersPartProps {
  left: Side
  right: Side
  columns: readonly ColumnPair[]
  onGoToTable: (table: ComparedTable) => void
  onStage: (table: ComparedTable, changes: readonly Change[]) => number
}

export function UsersPart(props: UsersPartProps) {
  const { left, right } = props
  const { running, isReading, start, stop } = useComparison(comparedOf(left), comparedOf(right))
  const names = { left: left.name, right: right.name }
  const state = running?.state ?? null
  return (
    <section className={css.users} aria-label="Users">
      <div className={css.bar}>
        {isReading ? (
          <Button onClick={stop}>Stop</Button>
        ) : (
          <Button variant={state ? 'default' : 'filled'} onClick={start}>
            {state ? 'Compare again' : 'Compare users'}
          </Button>
        )}
        {isReading && state && (
          <>
            <Progress className={css.progress} value={progressOf(state)} aria-label="Rows read" />
            <span className={css.dim} role="status">
              {progressWords(state, names)}
            </span>
          </>
        )}
        {!running && <span className={css.dim}>Reads both tables once. Nothing is written.</span>}
        {state?.isDone && <Counts state={state} names={names} />}
      </div>
      {running?.error != null && (
        <div role="alert" className={css.notices}>
          <Notice tone="bad">
            {wordsOf(running.error).message} {wordsOf(running.error).hint}
          </Notice>
        </div>
      )}
      {running && state?.isDone && running.error === null && (
        <Lists key={running.id} {...props} id={running.id} state={state} names={names} />
      )}
    </section>
  )
}

interface Names {
  left: string
  right: string
}

function Counts({ state, names }: { state: Comparison; names: Names }) {
  const { of, counts } = state
  return (
    <span role="status" aria-label="Counts" className={css.counts}>
      <span>
        {names.left} <b>{plural(of.left ?? 0, 'row')}</b>
      </span>
      <span>
        {names.right} <b>{plural(of.right ?? 0, 'row')}</b>
      </span>
      <span>
        the same in both <b>{count(counts.same)}</b>
      </span>
    </span>
  )
}

function Lists({ id, state, names, ...props }: UsersPartProps & { id: string; state: Comparison; names: Names }) {
  const { counts } = state
  const kinds = ['differs', 'onlyLeft', 'onlyRight'] as const
  const [kind, setKind] = useState<Kind>(() => kinds.find((each) => counts[each] > 0) ?? 'differs')
  const { data, error } = useQuery({
    queryKey: ['compare', id, kind],
    queryFn:
      counts[kind] === 0
        ? skipToken
        : ({ signal }) => api.compare.pairs({ id, kind, from: 0, limit: MOST_LISTED }, { signal }),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  })
  const unsure = partnerWords(state, names)
  return (
    <>
      {unsure && (
        <div className={css.notices}>
          <Notice tone="note">{unsure}</Notice>
        </div>
      )}
      <div className={css.bar}>
        <SegmentedControl
          aria-label="Which users"
          size="xs"
          value={kind}
          onChange={(next) => setKind(next)}
          data={kinds.map((each) => ({ value: each, label: `${kindWords(each, names)} (${count(counts[each])})` }))}
        />
      </div>
      {error && (
        <div role="alert" className={css.notices}>
          <Notice tone="bad">{wordsOf(error).message}</Notice>
        </div>
      )}
      {counts[kind] === 0 && <p className={css.sentence}>{noneWords(kind, names)}</p>}
      {data && counts[kind] > 0 && (
        <UsersOfKind key={kind} {...props} kind={kind} pairs={data.pairs} of={counts[kind]} />
      )}
    </>
  )
}
