// The folder that a profile takes its migrations from: choosing, trusting, and writing a new file into it.
import type { Core } from '../core.ts'
import { Refusal } from '../refusal.ts'
import { writeNewFile } from './folder/new-file.ts'
import type { SqlText } from './folder/templates.ts'

/** Throws FOLDER_REFUSED, NOT_STORED. Nothing of the folder is run, and nothing in the database changes. */
export async function useFolder(core: Pick<Core, 'files' | 'profiles'>, profileId: string, path: string | null) {
  core.profiles.get(profileId)
  await core.profiles.useFolder(profileId, path === null ? null : await core.files.resolveFolder(path))
}

/** Throws NOT_TRUSTED when the folder is another than the one that was shown. */
export async function trustFolder(core: Pick<Core, 'profiles' | 'trust'>, profileId: string, content: string) {
  const { migrationsFolder } = core.profiles.get(profileId)
  // What Roster ships needs no trust.
  if (migrationsFolder !== null) await core.trust.trust(migrationsFolder, content)
}

export interface NewFile {
  title: string
  kind: 'ts' | 'js' | 'sql'
  /** For `sql` alone; a template without it. */
  text?: SqlText | undefined
}

/** Answers with the paths, and whether the file is shown to the person outside of Roster. Throws FOLDER_REFUSED. */
export async function createFile(
  { host, profiles }: Pick<Core, 'host' | 'profiles'>,
  profileId: string,
  { title, kind, text }: NewFile,
): Promise<{ paths: string[]; isOpened: boolean }> {
  const { migrationsFolder } = profiles.get(profileId)
  if (migrationsFolder === null) {
    const why = 'The steps that Roster ships are a part of it. Choose a folder of your own for new ones.'
    throw new Refusal('FOLDER_REFUSED', why, { path: '' })
  }
  const paths = await writeNewFile(migrationsFolder, title, kind, new Date(), text)
  const [first] = paths
  const isOpened = first !== undefined && host.showFile !== null
  if (isOpened) host.showFile?.(first)
  return { paths, isOpened }
}
