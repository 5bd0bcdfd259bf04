// What is said of a folder whose code may not run yet.
import type { MigrationsFolder } from '../../../shared/migration-steps.ts'
import { plural } from '../../ui/wording.ts'

/** Why nothing of it runs; empty where everything may. */
export function trustWords({ trust, files }: Pick<MigrationsFolder, 'trust' | 'files'>): string {
  if (trust === 'new')
    return 'This folder is not trusted yet. Its steps are listed; planning and running them needs trust.'
  if (trust !== 'changed') return ''
  return `${changeWords(files)} since the folder was trusted. Planning and running its steps needs trust again.`
}

/** "2 files changed, 1 file is new" */
export function changeWords(files: MigrationsFolder['files']): string {
  const of = (change: string) => files.filter((file) => file.change === change).length
  const parts = [
    [of('changed'), 'changed', 'changed'],
    [of('new'), 'was added', 'were added'],
    [of('removed'), 'was removed', 'were removed'],
  ] as const
  const told = parts
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${plural(number, 'file')} ${number === 1 ? one : many}`)
  return told.length > 0 ? told.join(', ') : 'Files changed'
}
