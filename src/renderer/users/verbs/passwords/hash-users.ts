// New hashes of one password, one for each user, asked for a few at a time so that it can be stopped between them.
import { MOST_HASHES, type HashChoice } from '../../../../shared/passwords.ts'
import { api } from '../../../api.ts'

export interface HashSettings {
  choice: HashChoice
  /** Name of the environment variable of the host that is mixed in. */
  variable: string | null
}

/** The texts to stage. `onDone` is told how many are there, and after how many milliseconds. Throws the errors of `users.hash`, and the signal's reason. */
export async function hashUsers(
  table: { profileId: string; table: string },
  password: string,
  { choice: { scheme, cost, digest, isDouble }, variable }: HashSettings,
  count: number,
  { signal, onDone }: { signal: AbortSignal; onDone: (done: number, took: number) => void },
): Promise<string[]> {
  const all: string[] = []
  const began = performance.now()
  // A few in the first call: a person sees soon how long it takes.
  while (all.length < count) {
    const asked = Math.min(all.length === 0 ? 2 : MOST_HASHES, count - all.length)
    const { kept } = await api.users.hash(
      {
        ...table,
        choice: { scheme, cost, digest, isDouble },
        password,
        pepper: { variable: isDouble ? variable : null },
        count: asked,
      },
      { signal },
    )
    signal.throwIfAborted()
    all.push(...kept)
    onDone(all.length, performance.now() - began)
  }
  return all
}
