// Collects what the settings of one text would do, under ids that a person's consent names.
import { createHmac, randomBytes } from 'node:crypto'
import type { Danger } from '../../../shared/connection-strings.ts'
import type { SettingsPreview } from '../../../shared/profiles.ts'
import type { Option } from './parsed.ts'
import { holdsSecret, plainName } from './settings-known.ts'

/** Always eight: the number of letters is nobody's business. */
export const MASK = '••••••••'

/** A value that is an address itself, with a password in it. */
const HOLDS_LOGIN = /:[^@]*@|pass\w*\s*=|pwd\s*=/i

/** Of this process alone, so that an id tells nothing of a secret value. */
const KEY = randomBytes(32)

export interface Findings {
  readonly notes: SettingsPreview['notes']
  readonly dangers: Danger[]
  note(tone: SettingsPreview['notes'][number]['tone'], text: string): void
  /** Left out, whatever is agreed to. */
  never(option: Option, what: string): void
  /** True where the person has agreed to exactly this setting with exactly this value. */
  consents(option: Option, what: string): boolean
}

/** `text`: all of it, which consent is given for: the same setting beside another host is another matter. */
export function findings(accepted: ReadonlySet<string>, text: string): Findings {
  const notes: SettingsPreview['notes'] = []
  const dangers: Danger[] = []
  const add = (option: Option, what: string, canConsent: boolean): string => {
    const id = idOf(option, text)
    if (!dangers.some((each) => each.id === id)) {
      const isSecret = holdsSecret(option.key) || HOLDS_LOGIN.test(option.value)
      const value = isSecret ? (option.value === '' ? '' : MASK) : shown(option.value, 200)
      dangers.push({ id, setting: shown(option.key, 60), value, what, canConsent })
    }
    return id
  }
  return {
    notes,
    dangers,
    note: (tone, text) => void notes.push({ tone, text }),
    never: (option, what) => void add(option, what, false),
    consents: (option, what) => accepted.has(add(option, what, true)),
  }
}

function idOf({ key, value }: Option, text: string): string {
  const mark = createHmac('sha256', KEY)
    .update(JSON.stringify([text, key, value]))
    .digest('base64url')
  return `${plainName(key).slice(0, 60)}:${mark}`
}

/** In one line and no longer than that; what cannot be seen is marked. */
export function shown(text: string, most: number): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD').toWellFormed()
  return line.length > most ? `${line.slice(0, most)}…` : line
}

export const quoted = (key: string) => `“${shown(key, 40)}”`
