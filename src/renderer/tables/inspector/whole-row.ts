// The whole values of a row of which a page brought only beginnings: read when somebody rests on it.
import { useEffect, useState } from 'react'
import type { Cell } from '../../../shared/cell.ts'
import { api } from '../../api.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import type { GridRow } from '../../grid/read-block.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import type { TableModel } from '../table-model.ts'

/** Milliseconds on one row before its long values are read: who only passes asks for nothing. */
const REST = 150

export interface WholeRow {
  /** By column index: what was cut in the row. */
  values: ReadonlyMap<number, Cell>
  problem: string | null
}

const nothing: WholeRow = { values: new Map(), problem: null }

export function useWholeRow({ profileId, table, state }: TableModel, line: GridLine | undefined): WholeRow {
  const row = line?.row
  const [read, setRead] = useState<{ row: GridRow; whole: WholeRow } | null>(null)
  const columns = state.description?.columns
  useEffect(() => {
    if (!row || row.cut.size === 0 || !columns) return
    const own = new AbortController()
    const timer = setTimeout(() => void readCells(row), REST)
    async function readCells(of: GridRow) {
      const values = new Map<number, Cell>()
      try {
        for (const index of of.cut.keys()) {
          const column = columns?.[index]?.name ?? ''
          const { value } = await api.tables.cell({ profileId, table, key: of.key, column }, { signal: own.signal })
          values.set(index, value)
        }
        if (!own.signal.aborted) setRead({ row: of, whole: { values, problem: null } })
      } catch (error) {
        if (!own.signal.aborted && !isAbort(error))
          setRead({ row: of, whole: { values, problem: wordsOf(error).message } })
      }
    }
    return () => {
      clearTimeout(timer)
      own.abort()
    }
  }, [profileId, table, row, columns])
  return read && read.row === row ? read.whole : nothing
}
