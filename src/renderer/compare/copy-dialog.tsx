// What copying users would write, in the other table's own encodings, before it is staged there.
import { Button, Checkbox, Group, Loader, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Cell } from '../../shared/cell.ts'
import { schemeOfKept } from '../../shared/kept-hash.ts'
import type { Change, Column } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { valueInWords } from '../grid/cell-show.ts'
import { wordsOf } from '../ui/call-error.ts'
import { EnvironmentMark } from '../ui/environment-mark.tsx'
import { Notice } from '../ui/notice.tsx'
import { ReasonButton } from '../ui/reason-button.tsx'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { WindowedList } from '../ui/windowed-list.tsx'
import { plural } from '../ui/wording.ts'
import { changesWords } from './compare-words.ts'
import css from './compare.module.css'
import { comparedOf, type Side } from './sides.ts'

/** Pixels of one change, and of each of its values. */
const HEAD = 26
const LINE = 20

interface CopyDialogProps {
  from: Side
  to: Side
  keys: Cell[][]
  onClose: () => void
  onStage: (changes: readonly Change[]) => void
}

export function CopyDialog({ from, to, keys, onClose, onStage }: CopyDialogProps) {
  useReturnFocus()
  const [withPasswords, setWithPasswords] = useState(false)
  const { data, error, isFetching } = useQuery({
    // Two tables of one profile can be compared both ways, and keys of several columns are told apart whole.
    queryKey: ['compare', 'copy', comparedOf(from), comparedOf(to), keys.map((key) => key.map(String)), withPasswords],
    queryFn: async ({ signal }) => ({
      description: await api.tables.describe(comparedOf(to), { signal }),
      copied: await api.compare.copy(
        { from: comparedOf(from), to: comparedOf(to), keys, columns: null, withPasswords },
        { signal },
      ),
    }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  const changes = data?.copied.changes ?? []
  return (
    <Modal opened onClose={onClose} size={860} title={`Copy ${plural(keys.length, 'user')} to ${to.name}`}>
      <div className={css.dialog}>
        <div className={css.side}>
          {from.name} <EnvironmentMark environment={from.environment} /> → {to.name}{' '}
          <EnvironmentMark environment={to.environment} />
        </div>
        <Checkbox
          label="With their password hashes"
          description={`Only those that ${to.name} is known to verify. Hashes stay in Roster's host and are not shown.`}
          checked={withPasswords}
          onChange={({ currentTarget }) => setWithPasswords(currentTarget.checked)}
        />
        {error && (
          <div role="alert">
            <Notice tone="bad">{wordsOf(error).message}</Notice>
          </div>
        )}
        {isFetching && (
          <div className={css.waiting} role="status">
            <Loader size={16} /> Translating
          </div>
        )}
        {data && !isFetching && (
          <>
            <p className={css.sentence}>
              {changes.length === 0
                ? `Nothing is to be written in ${to.table} of ${to.name}.`
                : `${changesWords(changes)} in ${to.table} of ${to.name}. Ids are left to it; uniquifiers are made anew.`}
            </p>
            {data.copied.left.length > 0 && (
              <ul className={css.left} aria-label="Not copied, and to be known">
                {data.copied.left.map((words) => (
                  <li key={words}>{words}</li>
                ))}
              </ul>
            )}
            {changes.length > 0 && <Changes changes={changes} columns={data.description.columns} />}
          </>
        )}
      </div>
      <Group justify="flex-end" mt="md">
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <ReasonButton
          variant="filled"
          reason={
            isFetching
              ? 'It is still being translated.'
              : !data
                ? 'It could not be translated.'
                : changes.length === 0
                  ? 'There is nothing to stage.'
                  : null
          }
          onClick={() => onStage(changes)}
        >
          Stage {plural(changes.length, 'change')} in {to.name}
        </ReasonButton>
      </Group>
    </Modal>
  )
}

function Changes({ changes, columns }: { changes: readonly Change[]; columns: readonly Column[] }) {
  const cellsOf = (change: Change) => (change.kind === 'delete' ? [] : Object.entries(change.values))
  const heightOf = useCallback(
    (index: number) => {
      const change = changes[index]
      return HEAD + (change && change.kind !== 'delete' ? Object.keys(change.values).length : 0) * LINE
    },
    [changes],
  )
  const words = (name: string, cell: Cell) => {
    const scheme = schemeOfKept(cell)
    if (scheme !== null) return scheme === 'none' ? 'NULL' : `•••••• ${scheme}`
    return valueInWords(
      cell,
      columns.find((column) => column.name === name),
    )
  }
  const wasOf = (change: Change, name: string) =>
    change.kind === 'update' && Object.hasOwn(change.original, name) ? words(name, change.original[name] ?? null) : null
  return (
    <WindowedList
      label="What is to be written"
      className={css.preview}
      count={changes.length}
      heightOf={heightOf}
      keyOf={(index) => changes[index]?.id ?? ''}
      render={(index) => {
        const change = changes[index]
        if (!change) return null
        return (
          <div className={css.change}>
            <div className={css.changeHead}>
              {change.kind === 'insert'
                ? 'new user'
                : `row ${change.key.map((cell) => valueInWords(cell, undefined)).join(', ')}`}
            </div>
            {cellsOf(change).map(([name, cell]) => {
              const was = wasOf(change, name)
              return (
                <div key={name} className={css.changeLine}>
                  <span className={css.dim}>{name}</span>{' '}
                  <bdi>
                    {was !== null && <del>{was}</del>}
                    {was !== null && ' → '}
                    {words(name, cell)}
                  </bdi>
                </div>
              )
            })}
          </div>
        )
      }}
    />
  )
}
