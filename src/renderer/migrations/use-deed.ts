// Something that writes the ledger alone (mark, rename, repair): done with consent, and told in one line when it is over.
import { useState } from 'react'
import { isAbort, wordsOf } from '../ui/call-error.ts'
import { confirmed } from '../ui/confirm-production.ts'

export interface Deed {
  tone: 'note' | 'good' | 'bad'
  text: string
}

interface DeedCall {
  /** As a command: "Repair the lock". Also the words of the question on production. */
  what: string
  /** When it went well: "The lock is free." */
  done: string
  call: (confirmation: { confirmation?: string }) => Promise<unknown>
}

/** `onChanged` is called after every deed, however it ended. */
export function useDeed(onChanged: () => void) {
  const [deed, setDeed] = useState<Deed | null>(null)
  const [isBusy, setBusy] = useState(false)
  const perform = async ({ what, done, call }: DeedCall) => {
    setBusy(true)
    setDeed({ tone: 'note', text: `${what}: under way.` })
    try {
      await confirmed(what, call)
      setDeed({ tone: 'good', text: done })
    } catch (error) {
      setDeed(isAbort(error) ? null : { tone: 'bad', text: refusal(what, error) })
    } finally {
      setBusy(false)
      onChanged()
    }
  }
  return { deed, isBusy, perform, clear: () => setDeed(null) }
}

function refusal(what: string, error: unknown): string {
  const { message, hint } = wordsOf(error)
  return `${what}: not done. ${message} ${hint}`.trim()
}
