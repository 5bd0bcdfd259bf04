// Asks for one value for all chosen cells.
import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { plural } from '../../ui/wording.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import type { TableModel } from '../table-model.ts'
import css from '../table-screen.module.css'
import { focusAtOnce } from '../../ui/focus-at-once.ts'
import { setDialogs } from './open-dialogs.ts'
import { useSlot } from './slot.ts'
import { chosenToChange, setChosen } from './stage-block.ts'

export function SetDialog({ model }: { model: TableModel }) {
  return useSlot(setDialogs, model) ? <Ask model={model} /> : null
}

function Ask({ model }: { model: TableModel }) {
  useReturnFocus()
  const [chosen] = useState(() => chosenToChange(model))
  const [text, setText] = useState('')
  const [isNull, setNull] = useState(false)
  if (!chosen) return null
  const close = () => setDialogs.set(model, null)
  const names = chosen.columns.map(({ column }) => column.name)
  const what =
    names.length === 1
      ? `${names[0]} of ${plural(chosen.rowCount, 'row')}`
      : `${plural(chosen.rowCount * names.length, 'cell')} of ${names.join(', ')}`
  return (
    <Modal opened size={420} title={`Set ${what}`} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          close()
          // What was chosen when it was asked is what is set: a block outlasts its dialog.
          void setChosen(model, { field: isNull ? null : text })
        }}
      >
        <TextInput
          data-autofocus
          ref={focusAtOnce}
          label="Value, as it is typed into a cell"
          placeholder={isNull ? 'NULL' : ''}
          disabled={isNull}
          autoComplete="off"
          spellCheck={false}
          value={isNull ? '' : text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Checkbox
          mt={8}
          label="NULL"
          checked={isNull}
          disabled={chosen.columns.every(({ column }) => !column.isNullable)}
          onChange={({ currentTarget }) => setNull(currentTarget.checked)}
        />
        <p className={css.dialogNote}>Nothing is saved yet: the cells are staged as one step, which Undo takes back.</p>
        <div className={css.buttons}>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="filled">
            Set
          </Button>
        </div>
      </form>
    </Modal>
  )
}
