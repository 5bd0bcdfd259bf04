// One comparison of rows: read while it is shown, kept by the host as long as its stream is open.
import { useEffect, useRef, useState } from 'react'
import type { ComparedTable, Comparison } from '../../shared/compare.ts'
import { api } from '../api.ts'
import { isAbort } from '../ui/call-error.ts'

interface Running {
  id: string
  /** Null until the first answer. */
  state: Comparison | null
  /** Why it ended; null while it is kept. */
  error: unknown
}

export interface ComparisonRun {
  /** Null before the first one. */
  running: Running | null
  isReading: boolean
  start: () => void
  stop: () => void
}

export function useComparison(left: ComparedTable, right: ComparedTable): ComparisonRun {
  const [running, setRunning] = useState<Running | null>(null)
  const reading = useRef<AbortController | null>(null)
  useEffect(() => () => reading.current?.abort(), [])

  const stop = () => {
    reading.current?.abort()
    reading.current = null
    setRunning(null)
  }
  const start = () => {
    reading.current?.abort()
    const mine = new AbortController()
    reading.current = mine
    const id = crypto.randomUUID()
    const tell = (news: Partial<Running>) => {
      if (reading.current === mine) setRunning((before) => ({ id, state: null, error: null, ...before, ...news }))
    }
    setRunning({ id, state: null, error: null })
    const read = async () => {
      const states = await api.compare.rows({ left, right, id }, { signal: mine.signal })
      for await (const state of states) tell({ state })
    }
    read().catch((error: unknown) => {
      if (!isAbort(error) && !mine.signal.aborted) tell({ error })
    })
  }
  const isReading = running !== null && running.error === null && running.state?.isDone !== true
  return { running, isReading, start, stop }
}
