// How a column of booleans or dates is written: what was found, and a person's choice where it is not clear.
import { Button, Modal, Radio } from '@mantine/core'
import { useState } from 'react'
import { inWords, type Codec } from '../../shared/codecs.ts'
import type { Column } from '../../shared/tables.ts'
import { openForeignReport } from './foreign/foreign-runs.ts'
import type { TableModel } from './table-model.ts'
import css from './table-screen.module.css'

interface EncodingDialogProps {
  model: TableModel
  column: Column
  onClose: () => void
}

/** The radio of values that are written as they are typed. */
const AS_TYPED = 'as typed'

export function EncodingDialog({ model, column, onClose }: EncodingDialogProps) {
  const { name, codec, encoding } = column
  const [choice, setChoice] = useState<string | null>(
    codec ? inWords(codec) : encoding?.basis === 'chosen' ? AS_TYPED : null,
  )
  const choices = encoding?.choices ?? []
  const choose = (chosen: { codec: Codec | null } | null) => {
    onClose()
    void model.chooseEncoding(name, chosen)
  }
  const chosen = choices.find((each) => inWords(each) === choice) ?? null
  return (
    <Modal opened size={620} title={`How ${name} is written`} onClose={onClose}>
      <p className={css.dialogNote}>{encoding?.words}</p>
      <Radio.Group aria-label={`How ${name} is written`} value={choice} onChange={setChoice}>
        {choices.map((each, index) => (
          <Radio
            key={inWords(each)}
            mt="xs"
            size="xs"
            value={inWords(each)}
            label={`As ${inWords(each)}`}
            data-autofocus={index === 0 || undefined}
          />
        ))}
        <Radio
          mt="xs"
          size="xs"
          value={AS_TYPED}
          label="As they are typed, without any check"
          description="For a column that holds something else, or to repair a single value."
        />
      </Radio.Group>
      <p className={css.dialogNote}>
        This holds until the profile is closed. Rows that hold something else are refused when they are changed.
      </p>
      <div className={css.buttons}>
        {encoding?.basis === 'chosen' && <Button onClick={() => choose(null)}>Decide by the values again</Button>}
        <Button
          onClick={() => {
            onClose()
            openForeignReport(model)
          }}
        >
          Rows in a foreign encoding…
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="filled"
          disabled={choice === null}
          onClick={() => choose({ codec: choice === AS_TYPED ? null : chosen })}
        >
          Write it so
        </Button>
      </div>
    </Modal>
  )
}
