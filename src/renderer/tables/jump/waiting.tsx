// Over the empty grid while the first rows of a view take their time: what the database does, and how to stop it.
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { TableModel } from '../table-model.ts'
import css from '../table-screen.module.css'
import { cancelSort } from './sorting.ts'

/** Milliseconds before anything is said: most views are there by then. */
const PATIENCE = 400

export function Waiting({ model }: { model: TableModel }) {
  const { state, blocks } = model
  const isWaiting = blocks.isLoading && blocks.rowAt(0) === undefined && state.reveal.index === 0
  const view = JSON.stringify([state.sort, state.costly !== null, state.filter !== null])
  // The region stays, so that a screen reader notices what comes into it.
  return (
    <div role="status" className={css.messageRegion}>
      {isWaiting && <Words key={view} model={model} />}
    </div>
  )
}

function Words({ model }: { model: TableModel }) {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [])
  if (!isLong) return null
  const { costly, filter } = model.state
  const rows = costly?.cost.rows?.toLocaleString('en-US') ?? 'all'
  return (
    <div className={css.waiting}>
      {costly ? (
        <>
          Sorting {rows} rows by {costly.sort.column}…<Button onClick={() => cancelSort(model)}>Cancel</Button>
        </>
      ) : filter ? (
        <>
          Looking for the first rows of this filter…
          <Button onClick={() => model.changeView({ filter: null })}>Clear filter</Button>
        </>
      ) : (
        'Reading the first rows…'
      )}
    </div>
  )
}
