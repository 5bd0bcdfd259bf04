// Some cells of a block were refused: each one by name, and the choice to stage the others or nothing.
import { Button, Modal } from '@mantine/core'
import { plural } from '../../ui/wording.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import type { RefusedCell } from '../clipboard/paste-plan.ts'
import type { TableModel } from '../table-model.ts'
import css from '../table-screen.module.css'
import own from './selection.module.css'
import { useSlot } from './slot.ts'
import { blockQuestions, type BlockQuestion } from './stage-block.ts'

/** Refused cells that are listed; the others are counted. */
const LISTED = 200

export function QuestionDialog({ model }: { model: TableModel }) {
  const question = useSlot(blockQuestions, model)
  return question ? <Ask model={model} question={question} /> : null
}

function Ask({ model, question }: { model: TableModel; question: BlockQuestion }) {
  useReturnFocus()
  const { verb, plan, rowsBeyond, columnsBeyond, go } = question
  const { refused, cellCount } = plan
  const close = () => blockQuestions.set(model, null)
  return (
    <Modal opened size={600} title={`${verb}: nothing is staged yet`} onClose={close}>
      {refused.length > 0 && (
        <>
          <p className={own.lead}>
            {plural(refused.length, 'cell')} {refused.length === 1 ? 'was' : 'were'} refused:
          </p>
          <ul className={own.refused} aria-label="Refused cells" tabIndex={0}>
            {refused.slice(0, LISTED).map((cell, at) => (
              <li key={at}>
                <span className={own.where}>
                  {cell.column}, {placeInWords(model, cell)}:
                </span>{' '}
                {cell.why}
              </li>
            ))}
          </ul>
          {refused.length > LISTED && (
            <p className={css.dialogNote}>and {plural(refused.length - LISTED, 'more cell')}.</p>
          )}
        </>
      )}
      {columnsBeyond > 0 && (
        <p className={own.lead}>
          {plural(columnsBeyond, 'column')} of the block {columnsBeyond === 1 ? 'lies' : 'lie'} beyond the last one and{' '}
          {columnsBeyond === 1 ? 'is' : 'are'} left out.
        </p>
      )}
      {rowsBeyond > 0 && (
        <p className={own.lead}>
          {plural(rowsBeyond, 'row')} of the block {rowsBeyond === 1 ? 'lies' : 'lie'} beyond the last row: new rows can
          be made of {rowsBeyond === 1 ? 'it' : 'them'}.
        </p>
      )}
      <div className={css.buttons}>
        <Button data-autofocus onClick={close}>
          Cancel
        </Button>
        {cellCount > 0 && (
          <Button variant={rowsBeyond > 0 ? 'default' : 'filled'} onClick={() => go(false)}>
            {`${verb} ${refused.length > 0 ? 'the other ' : ''}${plural(cellCount, 'cell')}`}
          </Button>
        )}
        {rowsBeyond > 0 && (
          <Button variant="filled" onClick={() => go(true)}>
            {`${verb} with ${plural(rowsBeyond, 'new row')}`}
          </Button>
        )}
      </div>
    </Modal>
  )
}

function placeInWords({ state }: TableModel, { line, text }: RefusedCell): string {
  const value = text.length > 40 ? `${text.slice(0, 40)}…` : text
  const key = state.description?.key.map((name, at) => `${name} ${String(line.row?.key[at] ?? '')}`).join(', ')
  return `${line.row ? key : 'new row'} (${value})`
}
