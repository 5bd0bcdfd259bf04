// Asks where to go: to a row by its number, or to the first row at or beyond a value of the column it is sorted by.
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { TableDescription } from '../../../shared/tables.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import type { TableModel } from '../table-model.ts'
import css from '../table-screen.module.css'
import { goToColumn, parseGoTo } from './go-to-column.ts'
import { goToRank, goToValue } from './go-to.ts'
import { parseRowPlace } from './row-place.ts'
import { sortView } from './sorting.ts'

interface GoToDialogProps {
  model: TableModel
  description: TableDescription
}

export function GoToDialog({ model, description }: GoToDialogProps) {
  const { goTo } = model.state
  if (goTo === 'row') return <GoToRow model={model} />
  return goTo === 'value' ? <GoToValue model={model} description={description} /> : null
}

function GoToRow({ model }: { model: TableModel }) {
  useReturnFocus()
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string | null>(null)
  const { blocks } = model
  const close = () => model.set({ goTo: null })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const place = parseRowPlace(typed, blocks.count, blocks.isCounted || blocks.hasSeenEnd)
    if ('error' in place) return setError(place.error)
    close()
    goToRank(model, place.rank)
  }
  const rows = `${blocks.isCounted ? '' : '≈ '}${blocks.count.toLocaleString('en-US')}`
  return (
    <Modal opened size={380} title="Go to row" onClose={close}>
      <form onSubmit={submit}>
        <TextInput
          data-autofocus
          label={`Row number from 1 to ${rows}, or a share such as 70%`}
          autoComplete="off"
          value={typed}
          error={error}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            setError(null)
          }}
        />
        <Buttons label="Go" onCancel={close} />
      </form>
    </Modal>
  )
}

function GoToValue({ model, description }: GoToDialogProps) {
  useReturnFocus()
  const { sort } = model.state
  const columns = description.columns.filter(({ isSecret, kind }) => !isSecret && kind !== 'binary')
  const [name, setName] = useState(() => goToColumn(model.state)?.name ?? columns[0]?.name ?? '')
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string | null>(null)
  const close = () => model.set({ goTo: null })
  const isSorted = sort?.column === name
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const column = columns.find((each) => each.name === name)
    if (!column) return
    const parsed = parseGoTo(typed, column, description.dialect)
    if ('error' in parsed) return setError(parsed.error)
    close()
    const go = () => void goToValue(model, name, parsed.value, typed.trim())
    if (isSorted) go()
    else void sortView(model, { column: name, direction: 'asc' }, go)
  }
  return (
    <Modal opened size={420} title={`Go to ${name}`} onClose={close}>
      <form onSubmit={submit}>
        <NativeSelect
          label="Column"
          mb="sm"
          data={columns.map((column) => column.name)}
          value={name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value)
            setError(null)
          }}
        />
        <TextInput
          data-autofocus
          label={`First row whose ${name} is this or comes after it`}
          description={
            isSorted
              ? undefined
              : `The rows are ${sort ? `sorted by ${sort.column}` : 'in the order of their key'} now.`
          }
          autoComplete="off"
          spellCheck={false}
          value={typed}
          error={error}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            setError(null)
          }}
        />
        <Buttons label={isSorted ? 'Go' : `Sort by ${name} and go`} onCancel={close} />
      </form>
    </Modal>
  )
}

function Buttons({ label, onCancel }: { label: string; onCancel: () => void }) {
  return (
    <div className={css.buttons}>
      <Button onClick={onCancel}>Cancel</Button>
      <Button type="submit" variant="filled">
        {label}
      </Button>
    </div>
  )
}
