// What was not copied, gathered into a sentence for each reason.

/** Emails named in one sentence. */
const NAMED = 3

export class LeftOut {
  readonly #cells = new Map<string, { column: string; why: string; emails: string[] }>()
  readonly #rows = new Map<string, string[]>()
  readonly #notes = new Set<string>()

  /** One value. `why` goes on after a colon. */
  cell(column: string, email: string, why: string): void {
    const address = JSON.stringify([column, why])
    const found = this.#cells.get(address) ?? { column, why, emails: [] }
    found.emails.push(email)
    this.#cells.set(address, found)
  }

  /** A whole user. */
  row(email: string, why: string): void {
    const emails = this.#rows.get(why) ?? []
    emails.push(email)
    this.#rows.set(why, emails)
  }

  /** Something to know about all of them: a sentence. */
  note(words: string): void {
    this.#notes.add(words)
  }

  /** Users first, then values, then what is to be known. */
  sentences(): string[] {
    return [
      ...Array.from(this.#rows, ([why, emails]) => `${named(emails)} ${wasOrWere(emails)} left out: ${why}.`),
      ...Array.from(
        this.#cells.values(),
        ({ column, why, emails }) => `${column} of ${named(emails)} was left out: ${why}.`,
      ),
      ...this.#notes,
    ]
  }
}

const wasOrWere = ({ length }: readonly string[]) => (length === 1 ? 'was' : 'were')

function named(emails: readonly string[]): string {
  // What draws nothing, or turns the direction of the rest, is named by its number.
  const shown = emails
    .slice(0, NAMED)
    .map((email) => email.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (odd) => `\\u{${odd.codePointAt(0)?.toString(16) ?? ''}}`))
  const more = emails.length - shown.length
  if (more > 0) return `${shown.join(', ')} and ${more.toLocaleString('en-US')} more`
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}` : (shown[0] ?? '')
}
