// The only ways out of Roster: an https address in the person's browser, and a file shown in its folder.
// No other file may import Electron's shell (lint).
import { shell } from 'electron'
import { mayOpenOutside } from './rules.ts'

/** Rejects for anything but https, and for an address with a name and password in it. */
export async function openOutside(url: string): Promise<void> {
  if (!mayOpenOutside(url)) throw new Error('Only https addresses are opened outside of Roster.')
  // As it was read here: another parser must not find another address in it.
  await shell.openExternal(new URL(url).href)
}

/** Shows a file in its folder: one of Roster's own, or a migration that it has just written. It is selected there and not opened. */
export function showInFolder(file: string): void {
  shell.showItemInFolder(file)
}
