// Verbs in words: in menus, in the title of what is asked, and in what is said when they are done.
import { count, plural } from '../../ui/wording.ts'
import type { Doing, VerbPlan } from './verb-plan.ts'

export type AnyVerb = Doing['verb']

export const LABELS: Record<AnyVerb, string> = {
  activate: 'Activate',
  deactivate: 'Deactivate',
  confirm: 'Confirm now',
  unconfirm: 'Unconfirm',
  'sign-out': 'Sign out everywhere',
  lock: 'Lock password',
  password: 'Set password',
}

export const MEANINGS: Record<AnyVerb, string> = {
  activate: 'may log in again',
  deactivate: 'may not log in any more',
  confirm: 'the address is confirmed as of now',
  unconfirm: 'the address is to be confirmed again',
  'sign-out': 'a new fs_uniquifier ends all sessions and tokens',
  lock: 'no password opens it: NULL in place of a hash',
  password: 'hashed as the application verifies',
}

const DONE: Record<AnyVerb, string> = {
  activate: 'set active',
  deactivate: 'set inactive',
  confirm: 'set confirmed',
  unconfirm: 'set unconfirmed',
  'sign-out': 'signed out everywhere',
  lock: 'locked',
  password: 'given a new password',
}

export const titleOf = (verb: AnyVerb, rows: number) =>
  verb === 'sign-out' ? `Sign out ${plural(rows, 'user')} everywhere` : `${LABELS[verb]}: ${plural(rows, 'user')}`

/** "4,950 set inactive; 50 were inactive already; 2 refused." */
export function doneInWords(verb: AnyVerb, { done, rows, already, refused }: VerbPlan, isSignedOut: boolean): string {
  const parts = [
    `${count(done)} ${DONE[verb]}`,
    ...Array.from(already, ([why, many]) => `${count(many)} ${many === 1 ? 'was' : 'were'} ${why}`),
    ...(isSignedOut ? [`${count(rows)} signed out everywhere`] : []),
    ...(refused.length > 0 ? [`${count(refused.length)} refused`] : []),
  ]
  return `${parts.join('; ')}.`
}
