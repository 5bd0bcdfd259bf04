// Asks in which format the chosen cells are copied. Opened by a key, so that every format has one.
import { Button, Checkbox, Modal, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { plural } from '../../ui/wording.ts'
import { focusAtOnce } from '../../ui/focus-at-once.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { chosenCells, chosenInMemory } from '../selection/chosen.ts'
import { copyDialogs } from '../selection/open-dialogs.ts'
import { useSlot } from '../selection/slot.ts'
import type { TableModel } from '../table-model.ts'
import css from '../table-screen.module.css'
import { copyChosen, copyRefusal } from './copy-block.ts'
import { copyFormats, isFormula, type CopyFormat } from './formats.ts'

const names: Record<CopyFormat, { label: string; words: string }> = {
  tsv: { label: 'TSV', words: 'for spreadsheets: NULL is an empty field, empty text is ""' },
  csv: { label: 'CSV', words: 'with the names first: NULL is an empty field, empty text is ""' },
  json: { label: 'JSON', words: 'an object for each row; numbers keep every digit' },
  markdown: { label: 'Markdown', words: 'a table' },
  insert: { label: 'INSERT', words: 'a statement for each row' },
  update: { label: 'UPDATE', words: 'a statement for each row, by its key' },
  in: { label: 'IN list', words: '(1, 2, 3): the values of one column' },
}

let lastFormat: CopyFormat = 'tsv'

export function CopyDialog({ model }: { model: TableModel }) {
  return useSlot(copyDialogs, model) ? <Ask model={model} /> : null
}

function Ask({ model }: { model: TableModel }) {
  useReturnFocus()
  const [chosen] = useState(() => chosenCells(model))
  const [format, setFormat] = useState(() => (copyRefusal(model, chosen, lastFormat) === null ? lastFormat : 'tsv'))
  const [hasSafeFormulas, setSafe] = useState(false)
  const [hasNames, setNames] = useState(false)
  if (!chosen) return null
  const close = () => copyDialogs.set(model, null)
  const copy = () => {
    lastFormat = format
    close()
    void copyChosen(model, { format, hasSafeFormulas, hasNames: format === 'csv' || hasNames })
  }
  const isText = format === 'tsv' || format === 'csv'
  const lines = isText ? chosenInMemory(model, chosen) : null
  const formulas = lines?.reduce(
    (sum, line) => sum + chosen.columns.filter(({ index }) => isFormula(line.row?.cells[index])).length,
    0,
  )
  return (
    <Modal
      opened
      size={460}
      title={`Copy ${plural(chosen.rowCount, 'row')}, ${plural(chosen.columns.length, 'column')}`}
      onClose={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          copy()
        }}
      >
        <Radio.Group aria-label="Format" value={format} onChange={(value) => setFormat(value)}>
          <Stack gap={6}>
            {copyFormats.map((each) => {
              const refusal = copyRefusal(model, chosen, each)
              return (
                <Radio
                  key={each}
                  value={each}
                  ref={each === format ? focusAtOnce : undefined}
                  data-autofocus={each === format || undefined}
                  disabled={refusal !== null}
                  label={names[each].label}
                  description={refusal ?? names[each].words}
                />
              )
            })}
          </Stack>
        </Radio.Group>
        {format === 'tsv' && (
          <Checkbox
            mt={12}
            label="The names of the columns first"
            checked={hasNames}
            onChange={({ currentTarget }) => setNames(currentTarget.checked)}
          />
        )}
        {isText && (
          <Checkbox
            mt={format === 'tsv' ? 6 : 12}
            label="An apostrophe before text that a spreadsheet would run as a formula"
            description={formulas ? `${plural(formulas, 'value')} of these would be run.` : undefined}
            checked={hasSafeFormulas}
            onChange={({ currentTarget }) => setSafe(currentTarget.checked)}
          />
        )}
        <div className={css.buttons}>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="filled">
            Copy
          </Button>
        </div>
      </form>
    </Modal>
  )
}
