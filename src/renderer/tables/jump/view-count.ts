// Counts the view that is shown: one query that a person can stop and ask for again.
import type { View } from '../../../shared/tables.ts'
import { isAbort } from '../../ui/call-error.ts'

/** `stopped`: by a person, who may ask for it again. `idle`: it was not asked for, or it is counted. */
export type Counting = 'idle' | 'counting' | 'stopped' | 'failed'

export interface CountOptions {
  count(view: View, signal: AbortSignal): Promise<{ count: number; countedAt: number }>
  onChange(counting: Counting): void
  onCounted(count: number, at: number): void
  onError(error: unknown): void
}

export class ViewCount {
  readonly #options: CountOptions
  #asking: AbortController | null = null
  #state: Counting = 'idle'

  constructor(options: CountOptions) {
    this.#options = options
  }

  get state(): Counting {
    return this.#state
  }

  /** Counts this view; what was asked for another is dropped, and stopped in the database. */
  async ask(view: View): Promise<void> {
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    this.#set('counting')
    try {
      const { count, countedAt } = await this.#options.count(view, asking.signal)
      if (this.#asking !== asking) return
      this.#end('idle')
      this.#options.onCounted(count, countedAt)
    } catch (error) {
      if (this.#asking !== asking) return
      this.#end('failed')
      if (!isAbort(error)) this.#options.onError(error)
    }
  }

  /** A person does not want to wait for it. */
  stop(): void {
    this.#asking?.abort()
    this.#end('stopped')
  }

  /** Another view begins, or the table is left. */
  forget(): void {
    this.#asking?.abort()
    this.#end('idle')
  }

  #end(state: Counting): void {
    this.#asking = null
    this.#set(state)
  }

  #set(state: Counting): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onChange(state)
  }
}
