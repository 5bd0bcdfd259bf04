// Statements as text: the first ones, more on request, and all of them for the clipboard.
import { Button } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { StatementText } from '../../../shared/table-saves.ts'
import { MOST_CHANGES } from '../../../shared/tables.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { plural } from '../../ui/wording.ts'
import css from './history.module.css'

/** Changes whose statements are shown at first, and how many more at a time. */
const FIRST = 200
const MORE = 1_000
/** Milliseconds: edits that follow each other are asked about once. */
const WAIT = 200

interface Batch {
  statements: readonly StatementText[]
  of: number
}

interface StatementsProps {
  label: string
  /** What the statements are of: they are read again when it is another thing. */
  about: unknown
  read: (most: number, signal: AbortSignal) => Promise<Batch>
  note?: string | null
}

export function Statements({ label, about, read, note = null }: StatementsProps) {
  const [most, setMost] = useState(FIRST)
  const [batch, setBatch] = useState<Batch | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const reader = useRef(read)
  useEffect(() => {
    reader.current = read
  })
  useEffect(() => {
    const reading = new AbortController()
    const fail = (error: unknown) => {
      if (!isAbort(error) && !reading.signal.aborted) setProblem(wordsOf(error).message)
    }
    const timer = setTimeout(() => {
      reader.current(most, reading.signal).then((answer) => {
        if (reading.signal.aborted) return
        setProblem(null)
        setBatch(answer)
      }, fail)
    }, WAIT)
    return () => {
      clearTimeout(timer)
      reading.abort()
    }
  }, [about, most])
  const isWhole = batch !== null && most >= batch.of
  return (
    <div className={css.statements}>
      <div className={css.statementsHead}>
        <span role="status">
          {batch ? countInWords(batch, isWhole, most) : problem === null ? 'Reading the SQL…' : ''}
        </span>
        {batch && !isWhole && (
          <Button onClick={() => setMost(Math.min(MOST_CHANGES, most + MORE))}>
            Show {Math.min(MORE, batch.of - most).toLocaleString('en-US')} more
          </Button>
        )}
        <CopyAll read={(signal) => reader.current(MOST_CHANGES, signal)} isEmpty={batch === null} />
      </div>
      {note && <p className={css.note}>{note}</p>}
      {problem !== null && (
        <p role="alert" className={css.failure}>
          {problem}
        </p>
      )}
      <pre className={css.sql} tabIndex={0} aria-label={label}>
        {batch?.statements.map(({ sql }, index) => (
          <code key={index} className={css.statement}>
            {ended(sql)}
            {'\n'}
          </code>
        ))}
      </pre>
    </div>
  )
}

/** Some come with their semicolon. */
const ended = (sql: string) => (sql.endsWith(';') ? sql : `${sql};`)

function countInWords({ statements, of }: Batch, isWhole: boolean, most: number): string {
  if (isWhole) return plural(statements.length, 'statement')
  return `Statements of the first ${most.toLocaleString('en-US')} of ${plural(of, 'change')}`
}

function CopyAll({ read, isEmpty }: { read: (signal: AbortSignal) => Promise<Batch>; isEmpty: boolean }) {
  const [state, setState] = useState<'ready' | 'busy' | 'copied' | 'failed'>('ready')
  useEffect(() => {
    if (state !== 'copied' && state !== 'failed') return
    const timer = setTimeout(() => setState('ready'), 2_000)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async () => {
    setState('busy')
    try {
      const { statements } = await read(AbortSignal.timeout(60_000))
      await navigator.clipboard.writeText(statements.map(({ sql }) => `${ended(sql)}\n`).join(''))
      setState('copied')
    } catch {
      setState('failed')
    }
  }
  const words = { ready: 'Copy all', busy: 'Copy all', copied: 'Copied', failed: 'Not copied' }
  return (
    <Button
      leftSection={state === 'copied' ? <Check size={13} /> : <Copy size={13} />}
      loading={state === 'busy'}
      disabled={isEmpty}
      onClick={() => void copy()}
    >
      {words[state]}
    </Button>
  )
}
