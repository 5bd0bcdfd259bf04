// The names that a new migration's files will have, to be shown while its title is typed; the host writes them.
import { nextName } from '../../../shared/migration-name.ts'

export type NewKind = 'ts' | 'js' | 'sql'

export type Preview = { names: string[]; isDated: boolean } | { refused: string }

/** Null as long as there is no title. `present`: the names of the steps that are in the folder. */
export function previewNames(present: readonly string[], title: string, kind: NewKind, now: Date): Preview | null {
  if (title.trim() === '') return null
  const next = nextName(present, title, now)
  if ('refused' in next) return next
  return {
    names: extensions(present, kind).map((extension) => next.name + extension),
    isDated: /^\d{14}_/.test(next.name),
  }
}

/** JavaScript as the folder has it already. */
function extensions(present: readonly string[], kind: NewKind): string[] {
  if (kind === 'sql') return ['.up.sql', '.down.sql']
  if (kind === 'ts') return ['.ts']
  return [/\.[cm]?js$/.exec(present.findLast((name) => /\.[cm]?js$/.test(name)) ?? '')?.[0] ?? '.js']
}
