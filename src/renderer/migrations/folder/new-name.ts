// The names that a new migration's files will have, to be shown while its title is typed; the host writes them.

export type NewKind = 'ts' | 'js' | 'sql'

/** Null as long as the title has no letter or digit. `now` is told in UTC. */
export function previewNames(title: string, kind: NewKind, now: Date): string[] | null {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  if (words === '') return null
  const name = `${now.toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${words}`
  return kind === 'sql' ? [`${name}.up.sql`, `${name}.down.sql`] : [`${name}.${kind}`]
}
