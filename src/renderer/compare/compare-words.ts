// What a comparison found, in words.
import type { Comparison } from '../../shared/compare.ts'
import type { Change } from '../../shared/tables.ts'
import { count, plural } from '../ui/wording.ts'

export type Kind = 'differs' | 'onlyLeft' | 'onlyRight'

interface Names {
  left: string
  right: string
}

/** While both tables are read. */
export function progressWords({ read, of }: Comparison, { left, right }: Names): string {
  const side = (name: string, done: number, all: number | null) =>
    `${name}: ${count(done)}${all === null ? '' : ` of ${count(all)}`}`
  return `${side(left, read.left, of.left)} · ${side(right, read.right, of.right)}`
}

/** Between 0 and 100. */
export function progressOf({ read, of }: Comparison): number {
  const all = (of.left ?? 0) + (of.right ?? 0)
  return all === 0 ? 0 : Math.min(100, ((read.left + read.right) / all) * 100)
}

/** What is to be known beside the numbers of each kind; '' where nothing is. */
export function partnerWords({ unpaired, alike }: Comparison, { left, right }: Names): string {
  const without = (name: string, rows: number) =>
    rows > 0 && `${plural(rows, 'row')} of ${name} ${rows === 1 ? 'has' : 'have'} no partner for certain`
  const why = 'no email, or one that is there twice'
  const sentences = [without(left, unpaired.left), without(right, unpaired.right)].filter(Boolean)
  const unsure = sentences.length > 0 ? `${sentences.join(', ')}: ${why}.` : ''
  const many = alike.left + alike.right
  const alikeWords =
    many > 0
      ? `${plural(many, 'user')} of one side alone ${many === 1 ? 'has' : 'have'} an email that the other side spells otherwise (case, blanks, Unicode form). They are other users, and copying makes a second one.`
      : ''
  return [unsure, alikeWords].filter(Boolean).join(' ')
}

export const kindWords = (kind: Kind, { left, right }: Names): string =>
  kind === 'differs' ? 'Different' : `Only in ${kind === 'onlyLeft' ? left : right}`

export const noneWords = (kind: Kind, names: Names): string =>
  kind === 'differs'
    ? 'Whoever is in both is the same in both.'
    : `Nobody is only in ${kind === 'onlyLeft' ? names.left : names.right}.`

/** "2 new users, 1 changed". */
export function changesWords(changes: readonly Change[]): string {
  const added = changes.filter(({ kind }) => kind === 'insert').length
  const changed = changes.length - added
  const parts = [
    ...(added > 0 ? [plural(added, 'new user')] : []),
    ...(changed > 0 ? [added > 0 ? `${count(changed)} changed` : plural(changed, 'changed user')] : []),
  ]
  return parts.join(', ')
}
