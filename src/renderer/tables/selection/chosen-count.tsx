// How much is chosen, in the line below the grid; said to screen readers when they have nothing else to say.
import { useSyncExternalStore } from 'react'
import type { TableModel } from '../table-model.ts'
import { spanInWords } from './cell-block.ts'
import { selectionOf } from './selection.ts'

export function ChosenCount({ model }: { model: TableModel }) {
  const selection = selectionOf(model)
  useSyncExternalStore(selection.subscribe, selection.block)
  const span = selection.span()
  return (
    <span role="status" aria-label="Chosen cells">
      {span && spanInWords(span)}
    </span>
  )
}
