// What was counted so far of a users table, added up over its parts, and told as the contract has it.
import type { Filter } from '../../../shared/filters.ts'
import type { Health, HealthFact } from '../../../shared/health.ts'
import type { Rows, Statement } from '../../db/database.ts'
import type { duplicateEmails } from './duplicates.ts'
import { activeFilter, factsOf, type Fact } from './facts.ts'
import type { Part } from '../../db/key-parts.ts'
import { MergedDomains } from './merged-domains.ts'
import { countsOf, domainsOf, hasDomain, monthsOf, numberOf, schemesOf, type Asking } from './part-sql.ts'

const DUPLICATES = {
  id: 'duplicate-email' as const,
  title: 'Same email twice',
  words: 'Emails that are equal but for case and blanks around them: the application may take them for one user.',
}
/** Facts stand in this order. */
const ORDER: readonly HealthFact['id'][] = [
  ...(['inactive', 'never-confirmed', 'deleted', 'no-password', 'weak-scheme', 'duplicate-email'] as const),
  ...(['invalid-email', 'no-uniquifier', 'impossible-date', 'foreign-encoding'] as const),
]
const NO_PASSWORD = 'no password'

interface SchemeBar {
  scheme: string
  isWeak: boolean
  rows: number
}

const nameOf = ({ scheme, isWeak }: SchemeBar) => `${scheme} ${isWeak ? 1 : 0}`

export class Tally {
  readonly #asking: Asking
  readonly #estimate: number | null
  /** When it began, milliseconds since 1970. */
  readonly #asOf = Date.now()
  readonly #facts: { fact: Fact; rows: number }[]
  /** Filters that only charts need, and what they found. */
  readonly #others: { filter: Filter; rows: number }[]
  #read = 0
  readonly #months = new Map<string, number>()
  readonly #schemes = new Map<string, SchemeBar>()
  readonly #domains = new MergedDomains()
  /** All parts were added. */
  isPassed = false
  /** Found behind the parts. */
  duplicates: Awaited<ReturnType<typeof duplicateEmails>> | null = null

  /** `estimate`: rows of the table by statistics; null when not known. */
  constructor(asking: Asking, estimate: number | null) {
    const { subject } = asking
    this.#asking = asking
    this.#estimate = estimate
    this.#facts = factsOf(subject).map((fact) => ({ fact, rows: 0 }))
    const active = [activeFilter(subject, true), activeFilter(subject, false)].filter((each) => each !== null)
    this.#others = [hasDomain(subject.user.email), ...active].map((filter) => ({ filter, rows: 0 }))
  }

  /** Four statements at most, each over the rows of the part alone. */
  async addPart(part: Part, read: (statement: Statement) => Promise<Rows>): Promise<void> {
    const { user } = this.#asking.subject
    const counted = [...this.#facts.map(({ fact }) => fact), ...this.#others].map(({ filter }) => filter)
    const [[rows, ...counts] = []] = (await read(countsOf(this.#asking, part, counted))).rows
    const into = [...this.#facts, ...this.#others]
    into.forEach((each, index) => (each.rows += numberOf(counts[index])))
    if (user.password !== null) this.#addSchemes((await read(schemesOf(this.#asking, part, user.password))).rows)
    const months = user.confirmedAt === null ? null : monthsOf(this.#asking, part, user.confirmedAt)
    if (months) {
      for (const [month, found] of (await read(months)).rows) {
        if (typeof month === 'string') this.#months.set(month, (this.#months.get(month) ?? 0) + numberOf(found))
      }
    }
    for (const [domain, found] of (await read(domainsOf(this.#asking, part, user.email))).rows) {
      if (typeof domain === 'string') this.#domains.add(domain, numberOf(found))
    }
    this.#read += numberOf(rows)
  }

  #addSchemes(rows: Rows['rows']): void {
    for (const [name, weak, found] of rows) {
      const scheme = typeof name === 'string' && name !== 'empty' ? name : NO_PASSWORD
      const isWeak = numberOf(weak) === 1
      const address = nameOf({ scheme, isWeak, rows: 0 })
      const bar = this.#schemes.get(address) ?? { scheme, isWeak, rows: 0 }
      this.#schemes.set(address, { ...bar, rows: bar.rows + numberOf(found) })
    }
  }

  state(): Health {
    const isDone = this.duplicates !== null
    return {
      read: this.#read,
      of: this.isPassed ? this.#read : this.#estimate,
      isDone,
      asOf: this.#asOf,
      facts: this.#told(),
      charts: { confirmed: this.#confirmed(), active: this.#active(), schemes: this.#bars(), ...this.#domainBars() },
    }
  }

  #told(): HealthFact[] {
    const passed = this.#facts.map(({ fact: { filter, ...fact }, rows }) => ({
      ...fact,
      ...{ rows, isDone: this.isPassed, filter: rows > 0 ? filter : null, filterNote: null },
    }))
    const none = { rows: 0, filter: null, filterNote: null }
    const duplicates = { ...DUPLICATES, ...(this.duplicates ?? none), isDone: this.duplicates !== null }
    const place = ({ id }: HealthFact) => ORDER.indexOf(id)
    return [...passed, duplicates].sort((a, b) => place(a) - place(b))
  }

  #confirmed() {
    const bars = Array.from(this.#months, ([label, rows]) => ({ label, rows }))
    return bars.sort((a, b) => (a.label < b.label ? -1 : 1))
  }

  #active(): Health['charts']['active'] {
    const [, active, inactive] = this.#others
    if (!active || !inactive) return null
    const unknown = this.#read - active.rows - inactive.rows
    return { active: active.rows, inactive: inactive.rows, unknown }
  }

  /** A scheme whose hashes are weak in part has two bars. */
  #bars(): Health['charts']['schemes'] {
    const all = [...this.#schemes.values()].sort((a, b) => b.rows - a.rows || (nameOf(a) < nameOf(b) ? -1 : 1))
    return all.map(({ scheme, isWeak, rows }) => {
      const hasBoth = all.some((other) => other.scheme === scheme && other.isWeak !== isWeak)
      return { label: hasBoth && isWeak ? `${scheme}, weak` : scheme, rows, isWeak }
    })
  }

  #domainBars() {
    const domains = this.#domains.shown()
    const [all] = this.#others
    return { domains, others: (all?.rows ?? 0) - domains.reduce((sum, { rows }) => sum + rows, 0) }
  }
}
