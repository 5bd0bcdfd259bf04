// The users of one kind: chosen by a tick, looked at by a click, and copied to the side that lacks them or differs.
import { Button, Checkbox, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { UserPair } from '../../shared/compare.ts'
import { api } from '../api.ts'
import { Notice } from '../ui/notice.tsx'
import { ReasonButton } from '../ui/reason-button.tsx'
import { WindowedList } from '../ui/windowed-list.tsx'
import { count, plural } from '../ui/wording.ts'
import { kindWords, type Kind } from './compare-words.ts'
import css from './compare.module.css'
import { CopyDialog } from './copy-dialog.tsx'
import { PairDetail } from './pair-detail.tsx'
import { look } from '../grid/cell-show.ts'
import type { UsersPartProps } from './users-part.tsx'

/** Pixels. */
const ROW = 32

interface UsersOfKindProps extends UsersPartProps {
  kind: Kind
  pairs: readonly UserPair[]
  /** How many there are, more than are listed perhaps. */
  of: number
}

export function UsersOfKind({ left, right, columns, kind, pairs, of, onGoToTable, onStage }: UsersOfKindProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [shown, setShown] = useState<UserPair | null>(null)
  const [isToRight, setToRight] = useState(kind !== 'onlyRight')
  const [isCopying, setCopying] = useState(false)
  const [staged, setStaged] = useState<number | null>(null)
  const [from, to] = isToRight ? [left, right] : [right, left]
  const { data: readOnly = null } = useQuery({
    queryKey: ['compare', to.profileId, to.table, 'read-only'],
    queryFn: async ({ signal }) =>
      (await api.tables.describe({ profileId: to.profileId, table: to.table, isQuick: true }, { signal })).readOnly,
  })
  const heightOf = useCallback(() => ROW, [])
  const choose = (email: string, isChosen: boolean) => {
    const next = new Set(chosen)
    if (isChosen) next.add(email)
    else next.delete(email)
    setChosen(next)
  }
  const isAll = chosen.size === pairs.length
  return (
    <>
      <div className={css.bar}>
        <Checkbox
          label={isAll ? 'Choose none' : `Choose all ${count(pairs.length)}`}
          checked={isAll}
          indeterminate={chosen.size > 0 && !isAll}
          onChange={() => setChosen(new Set(isAll ? [] : pairs.map(({ email }) => email)))}
        />
        {kind === 'differs' && (
          <SegmentedControl
            aria-label="Direction"
            size="xs"
            value={isToRight ? 'right' : 'left'}
            onChange={(next) => setToRight(next === 'right')}
            data={[
              { value: 'right', label: `${left.name} → ${right.name}` },
              { value: 'left', label: `${right.name} → ${left.name}` },
            ]}
          />
        )}
        <ReasonButton
          variant="filled"
          reason={chosen.size === 0 ? 'No user is chosen.' : readOnly}
          onClick={() => setCopying(true)}
        >
          Copy {plural(chosen.size, 'user')} to {to.name}
        </ReasonButton>
        {of > pairs.length && (
          <span className={css.dim}>
            The first {count(pairs.length)} of {count(of)} by email are listed.
          </span>
        )}
      </div>
      {staged !== null && (
        <div className={css.notices} role="status">
          <Notice
            tone="good"
            actions={<Button onClick={() => onGoToTable(to)}>{`Open ${to.table} of ${to.name}`}</Button>}
          >
            {plural(staged, 'change')} {staged === 1 ? 'is' : 'are'} staged in {to.table} of {to.name}. Nothing is saved
            until it is saved there.
          </Notice>
        </div>
      )}
      <div className={css.lists}>
        <WindowedList
          label={kindWords(kind, { left: left.name, right: right.name })}
          className={css.list}
          count={pairs.length}
          heightOf={heightOf}
          keyOf={(index) => pairs[index]?.email ?? ''}
          render={(index) => {
            const pair = pairs[index]
            if (!pair) return null
            const name = look(pair.email).text
            return (
              <div className={css.row} data-shown={pair === shown || undefined}>
                <Checkbox
                  aria-label={`Choose ${name}`}
                  checked={chosen.has(pair.email)}
                  onChange={({ currentTarget }) => choose(pair.email, currentTarget.checked)}
                />
                <button
                  type="button"
                  className={css.open}
                  aria-pressed={pair === shown}
                  onClick={() => setShown(pair === shown ? null : pair)}
                >
                  <bdi className={css.email}>{name}</bdi>
                  <span className={css.dim}>
                    {pair.alike === null ? pair.differs.join(', ') : `other side: ${look(pair.alike).text}`}
                  </span>
                </button>
              </div>
            )
          }}
        />
        {shown && <PairDetail key={shown.email} pair={shown} left={left} right={right} columns={columns} />}
      </div>
      {isCopying && (
        <CopyDialog
          from={from}
          to={to}
          keys={pairs.flatMap((pair) => {
            const key = isToRight ? pair.left : pair.right
            return chosen.has(pair.email) && key ? [key] : []
          })}
          onClose={() => setCopying(false)}
          onStage={(changes) => {
            setStaged(onStage(to, changes))
            setChosen(new Set())
            setCopying(false)
          }}
        />
      )}
    </>
  )
}
