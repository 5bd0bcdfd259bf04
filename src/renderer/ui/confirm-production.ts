// Writes on production: the host refuses them without the profile's typed name; here the name is asked for, and sent along.
import { ORPCError } from '@orpc/client'

interface Question {
  /** What would be done: "Save 3 changes to auth_user". Also the words of the button. */
  what: string
  profileName: string
  answer: (typed: string | null) => void
}

let question: Question | null = null
const listeners = new Set<() => void>()

function ask(next: Question | null): void {
  question = next
  for (const listener of [...listeners]) listener()
}

export const productionQuestion = {
  read: (): Question | null => question,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

/**
 * Runs a call that writes. When the host wants the name of a production profile, the person is asked for it and the call is
 * made again with what they typed. Rejects with an AbortError when they think better of it: nothing was changed then.
 */
export function confirmed<Answer extends Promise<unknown>>(
  what: string,
  run: (confirmation: { confirmation?: string }) => Answer,
): Answer {
  // The same promise type: it carries the errors that the contract declares.
  return asked(what, run) as Answer
}

async function asked(
  what: string,
  run: (confirmation: { confirmation?: string }) => Promise<unknown>,
): Promise<unknown> {
  try {
    return await run({})
  } catch (error) {
    const profileName = nameWanted(error)
    if (profileName === null) throw error
    const typed = await new Promise<string | null>((answer) => {
      // A question that is open already is answered with no: two dialogs at once cannot be read.
      question?.answer(null)
      ask({
        what,
        profileName,
        answer(text) {
          ask(null)
          answer(text)
        },
      })
    })
    if (typed === null) throw new DOMException('Not confirmed; nothing was changed.', 'AbortError')
    return run({ confirmation: typed })
  }
}

function nameWanted(error: unknown): string | null {
  if (!(error instanceof ORPCError) || error.code !== 'CONFIRMATION_NEEDED') return null
  const { profileName } = error.data as { profileName: string }
  return profileName
}
