// Reads the view that is shown: its first rows before anything else, then how many there are, and the numbers of its rows.
import type { Page, PagePlace, Survey, View } from '../../../shared/tables.ts'
import { RowBlocks } from '../../grid/row-blocks.ts'
import type { TableState } from '../table-state.ts'
import { ViewCount } from './view-count.ts'
import { ViewSurvey } from './view-survey.ts'
import { wordsOf } from '../../ui/call-error.ts'

/** Rows that are asked for before the grid has told how many fit. */
const FIRST_SIGHT = 60

export interface ReadingHost {
  view(): View
  read(): TableState
  set(patch: Partial<TableState>): void
  /** Rows in memory have changed. */
  onRows(): void
  /** The first rows of the view are there. */
  onBegun(): void
  /** Rows in sight have other numbers, by this many: what is seen follows them. */
  onRenumbered(by: number): void
}

export interface ReadingCalls {
  page(view: View, place: PagePlace, limit: number, signal: AbortSignal): Promise<Page>
  count(view: View, signal: AbortSignal): Promise<{ count: number; countedAt: number }>
  survey(view: View, near: number | null, signal: AbortSignal): Promise<AsyncIterable<Survey>>
}

export class ViewReading {
  readonly blocks: RowBlocks
  readonly #host: ReadingHost
  readonly #count: ViewCount
  readonly #survey: ViewSurvey
  /** The first page of the view, or of its reading anew, is not there yet. */
  #isBeginning = false
  #isCountKept = false

  constructor(host: ReadingHost, calls: ReadingCalls) {
    this.#host = host
    this.blocks = new RowBlocks({
      page: (place, limit, signal) => calls.page(host.view(), place, limit, signal),
      onChange: () => host.onRows(),
      onError: (error) => host.set({ problem: wordsOf(error), costly: null }),
      onMiscount: () => void this.count(),
      onLoaded: (loadTime) => this.#loaded(loadTime),
      onRenumbered: (by) => host.onRenumbered(by),
    })
    this.#count = new ViewCount({
      count: (view, signal) => calls.count(view, signal),
      onChange: (counting) => host.set({ counting }),
      onCounted: (count, at) => this.#counted(count, at),
      onError: (error) => host.set({ problem: wordsOf(error) }),
    })
    this.#survey = new ViewSurvey({
      listen: (view, near, signal) => calls.survey(view, near, signal),
      onChange: (survey) => this.#surveyed(survey),
      onError: (error) => this.#surveyFailed(error),
    })
  }

  /** Another view: from its first row. `count` where it is known to have as many rows as the one before. */
  begin(count: number | null = null): void {
    // What runs for the view before is stopped first: nothing waits for it.
    this.blocks.reset()
    this.#count.forget()
    this.#survey.stop()
    this.#host.set({ surveyHalt: null, jump: null })
    this.#isBeginning = true
    this.#isCountKept = count !== null
    if (count !== null) this.blocks.setCount(count)
    this.blocks.want(0, FIRST_SIGHT)
  }

  /** The same view once more: rows stay on the screen until they are read anew. */
  again(): void {
    this.#count.forget()
    this.#survey.stop()
    this.#host.set({ surveyHalt: null, jump: null })
    this.#isBeginning = true
    this.#isCountKept = false
    this.blocks.reload()
  }

  /** After an error. */
  retry(): void {
    this.blocks.retry()
    if (this.#isBeginning) return
    if (!this.#host.read().counted) void this.count()
    this.#host.set({ surveyHalt: null })
    this.#survey.resume()
  }

  /** Counts the view exactly; the answer for a view that was left meanwhile is dropped. */
  count(): Promise<void> {
    return this.#count.ask(this.#host.view())
  }

  stopCount(): void {
    this.#count.stop()
  }

  /** A person does not want the rows of a filter looked for any further. */
  stopSurvey(): void {
    this.#survey.pause()
    this.#host.set({ surveyHalt: { words: null } })
  }

  resumeSurvey(): void {
    this.#host.set({ surveyHalt: null })
    this.#survey.resume()
  }

  /** The lines in sight, by their numbers. */
  want(first: number, last: number): void {
    this.blocks.want(first, last)
    this.#survey.look(first)
  }

  /** Nobody sees the window: numbers are not looked for meanwhile. */
  setHidden(isHidden: boolean): void {
    if (isHidden) this.#survey.pause()
    else if (!this.#host.read().surveyHalt) this.#survey.resume()
  }

  /** The table is not shown any more. */
  close(): void {
    this.#count.forget()
    this.#survey.pause()
    this.blocks.close()
  }

  #loaded(loadTime: number): void {
    this.#host.set({ loadTime, problem: null, costly: null })
    if (!this.#isBeginning) return
    this.#isBeginning = false
    this.#host.onBegun()
    const view = this.#host.view()
    const { blocks } = this
    if (view.filter !== null && blocks.hasSeenEnd) return this.#counted(blocks.count, Date.now())
    this.#survey.follow(view)
    // The survey of a filter reads all of its rows, and so counts them: a second scan would find nothing more.
    if (view.filter === null && !this.#isCountKept) void this.count()
  }

  #counted(count: number, at: number): void {
    const { current } = this.#host.read()
    const wasLast = current?.id === null && current.rank !== null && current.rank === this.blocks.count - 1
    this.#host.set({ counted: { count, at } })
    this.blocks.setCount(count)
    // Whoever has gone to the last row meant the last row, whatever its number is.
    if (wasLast && count > 0) this.#host.set({ current: { ...current, rank: count - 1 } })
  }

  #surveyed(survey: Survey | null): void {
    this.#host.set({ survey })
    if (!survey) return
    const { counted, counting } = this.#host.read()
    // Rows that came or went since are in what was found later.
    const isNews = counted === null || (survey.asOf > counted.at && survey.total !== counted.count)
    if (survey.total !== null && isNews && counting !== 'counting') return this.#counted(survey.total, survey.asOf)
    if (!counted) this.blocks.setEstimate(Math.max(survey.estimate ?? 0, survey.reached))
  }

  #surveyFailed(error: unknown): void {
    this.#host.set({ surveyHalt: { words: wordsOf(error).message } })
    if (!this.#host.read().counted && this.#host.read().counting === 'idle') void this.count()
  }
}
