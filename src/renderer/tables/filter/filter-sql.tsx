// The filter as SQL, to be read and copied.
import { Button, Popover } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { View } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import type { TableModel } from '../table-model.ts'
import css from './filter.module.css'

export function FilterSql({ model }: { model: TableModel }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover opened={isOpen} position="bottom-end" shadow="md" width={520} trapFocus returnFocus onChange={setOpen}>
      <Popover.Target>
        <Button h={24} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          SQL
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{isOpen && <Sql view={model.view()} />}</Popover.Dropdown>
    </Popover>
  )
}

function Sql({ view }: { view: View }) {
  const [shown, setShown] = useState<{ sql: string } | { problem: string } | null>(null)
  const [copied, setCopied] = useState<'copied' | 'failed' | null>(null)
  const [asked] = useState(view)
  useEffect(() => {
    const asking = new AbortController()
    api.tables.filterSql({ view: asked }, { signal: asking.signal }).then(setShown, (error: unknown) => {
      if (!isAbort(error)) setShown({ problem: wordsOf(error).message })
    })
    return () => asking.abort()
  }, [asked])
  if (!shown) return <p className={css.note}>Asking for the SQL</p>
  if ('problem' in shown) return <p className={css.note}>{shown.problem}</p>
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(shown.sql)
      setCopied('copied')
    } catch {
      setCopied('failed')
    }
  }
  const said = { copied: 'Copied.', failed: 'The clipboard did not take the text. Mark it and press Ctrl+C.' }
  return (
    <>
      <pre className={css.sql} tabIndex={0} role="region" aria-label="SQL of the filter">
        {shown.sql}
      </pre>
      <div className={css.formEnd}>
        <span className={css.note} role="status">
          {copied && said[copied]}
        </span>
        <span className={css.space} />
        <Button data-autofocus onClick={() => void copy()}>
          Copy
        </Button>
      </div>
    </>
  )
}
