// The pages that are open now: who is there, and what the host tells them.
import { randomUUID } from 'node:crypto'
import type { AppEvent } from '../shared/app.ts'

export interface Pages {
  /** The page is there until the function that is returned is called. Events that waited for a page come at once. */
  attach(page: string, push: (event: AppEvent) => void): () => void
  isOpen(page: string): boolean
  /** Resolves when the page is gone, or after `limit` milliseconds. */
  untilGone(page: string, limit: number): Promise<void>
  /**
   * Tells every page. What opens a file, be it handed over or asked for in the menu, goes to one page alone and waits
   * while there is none; the other commands concern what a page shows, and do not wait.
   */
  tell(event: Exclude<AppEvent, { kind: 'quit-asked' }>): void
  /** Resolves when every page is ready to quit or gone, or after `limit` milliseconds. */
  askToQuit(limit: number): Promise<void>
  readyToQuit(page: string, question: string): void
}

export function openPages(): Pages {
  const open = new Map<string, (event: AppEvent) => void>()
  const waiting: AppEvent[] = []
  const listeners = new Set<() => void>()
  const answers = new Set<string>()

  function changed(): void {
    for (const listener of [...listeners]) listener()
  }

  function until(isSo: () => boolean, limit: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return
        clearTimeout(timer)
        listeners.delete(look)
        resolve()
      }
      const timer = setTimeout(() => {
        listeners.delete(look)
        resolve()
      }, limit)
      listeners.add(look)
      look()
    })
  }

  return {
    attach(page, push) {
      open.set(page, push)
      for (const event of waiting.splice(0)) push(event)
      return () => {
        // The page may have attached anew in the meantime, over a new connection.
        if (open.get(page) === push) open.delete(page)
        changed()
      }
    },
    isOpen: (page) => open.has(page),
    untilGone: (page, limit) => until(() => !open.has(page), limit),
    tell(event) {
      if (event.kind === 'command' && event.command !== 'open-file') return open.forEach((push) => push(event))
      const newest = [...open.values()].at(-1)
      if (newest) newest(event)
      else waiting.push(event)
    },
    async askToQuit(limit) {
      const question = randomUUID()
      const asked = [...open.keys()]
      open.forEach((push) => push({ kind: 'quit-asked', question }))
      await until(() => asked.every((page) => !open.has(page) || answers.has(`${question} ${page}`)), limit)
      answers.clear()
    },
    readyToQuit(page, question) {
      answers.add(`${question} ${page}`)
      changed()
    },
  }
}
