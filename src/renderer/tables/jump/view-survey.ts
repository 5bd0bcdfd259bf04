// Listens to the survey of the view that is shown: how many rows it has by estimate, and how far their numbers are found.
import type { Survey, View } from '../../../shared/tables.ts'
import { isAbort } from '../../ui/call-error.ts'

/** Milliseconds that what is seen must rest before the survey is asked to look there first. */
const REST = 300
/** Rows that what is seen must have moved for that, and the same as a part of all rows. */
const FAR = 50_000
const FAR_PART = 0.02

export interface SurveyOptions {
  /** One stream of the host: `tables.survey`. */
  listen(view: View, near: number | null, signal: AbortSignal): Promise<AsyncIterable<Survey>>
  /** Told with every state; null when another view began and nothing is known of it. */
  onChange(survey: Survey | null): void
  /** The stream failed; what was found before stays. It is listened to again by `resume` or `follow`. */
  onError(error: unknown): void
}

export class ViewSurvey {
  readonly #options: SurveyOptions
  #view: View | null = null
  #last: Survey | null = null
  #near = 0
  /** Around which row the host was asked to begin. */
  #askedNear = 0
  #listening: AbortController | null = null
  #isPaused = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: SurveyOptions) {
    this.#options = options
  }

  /** What the stream said last. */
  get state(): Survey | null {
    return this.#last
  }

  get isListening(): boolean {
    return this.#listening !== null
  }

  /** Another view is shown, or the same one is read again: what is known of the one before is forgotten. */
  follow(view: View): void {
    this.stop()
    this.#view = view
    this.#near = 0
    this.#listen()
  }

  /** The row in sight. The survey begins there when it has not come so far, and when this is far from where it began. */
  look(row: number): void {
    this.#near = row
    if (!this.#isAstray()) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (!this.#isAstray()) return
      this.#hangUp()
      this.#listen()
    }, REST)
  }

  #isAstray(): boolean {
    if (!this.#listening || !this.#last || this.#last.isDone || this.#near < this.#last.reached) return false
    // What is found by one long scan begins nowhere else, and starting it anew would lose what it has done.
    if (this.#last.reached === 0 || this.#view?.filter !== null) return false
    const rows = this.#last.total ?? this.#last.estimate ?? 0
    return Math.abs(this.#near - this.#askedNear) > Math.max(FAR, rows * FAR_PART)
  }

  /** Nobody looks: the host stops building, and keeps what it has. */
  pause(): void {
    this.#isPaused = true
    this.#hangUp()
  }

  /** Goes on where it was paused, or after a failure. What is done is listened to as well: it tells when numbers get old. */
  resume(): void {
    this.#isPaused = false
    if (!this.#listening) this.#listen()
  }

  /** Forgets the view. */
  stop(): void {
    this.#hangUp()
    this.#view = null
    if (this.#last === null) return
    this.#last = null
    this.#options.onChange(null)
  }

  #hangUp(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#listening?.abort()
    this.#listening = null
  }

  #listen(): void {
    if (!this.#view || this.#isPaused) return
    const listening = new AbortController()
    this.#listening = listening
    this.#askedNear = this.#near
    void this.#read(this.#view, listening)
  }

  async #read(view: View, listening: AbortController): Promise<void> {
    try {
      for await (const survey of await this.#options.listen(view, this.#near || null, listening.signal)) {
        if (this.#listening !== listening) return
        this.#last = survey
        this.#options.onChange(survey)
      }
    } catch (error) {
      if (this.#listening === listening && !isAbort(error)) this.#options.onError(error)
    } finally {
      if (this.#listening === listening) this.#listening = null
    }
  }
}
