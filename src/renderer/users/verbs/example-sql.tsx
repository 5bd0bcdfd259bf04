// The statements of a few changes that are not staged yet, exactly as a save would run them; no hash is in them.
import { useEffect, useState } from 'react'
import type { Change } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import type { TableModel } from '../../tables/table-model.ts'
import css from './verbs.module.css'

interface ExampleSqlProps {
  model: TableModel
  changes: readonly Change[]
  /** "SQL of the first 3 of 5,000 rows". */
  label: string
}

export function ExampleSql({ model: { profileId, table }, changes, label }: ExampleSqlProps) {
  const [text, setText] = useState('')
  useEffect(() => {
    const own = new AbortController()
    const asked = { profileId, table, changes: [...changes], most: Math.max(1, changes.length) }
    const read = changes.length === 0 ? Promise.resolve({ statements: [] }) : api.tables.sql(asked, own)
    read.then(
      ({ statements }) => setText(statements.map(({ sql }) => (sql.endsWith(';') ? sql : `${sql};`)).join('\n')),
      (error: unknown) => {
        if (!own.signal.aborted && !isAbort(error)) setText(`-- ${wordsOf(error).message}`)
      },
    )
    return () => own.abort()
  }, [profileId, table, changes])
  return (
    <>
      <h3 className={css.part}>{label}</h3>
      <pre className={css.sql} tabIndex={0} aria-label="SQL">
        {text}
      </pre>
    </>
  )
}
