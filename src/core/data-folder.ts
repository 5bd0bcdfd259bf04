// Where Roster keeps its data unless told otherwise: the same folder for the window and the browser.
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The usual place of the platform. It may not exist yet. */
export function defaultDataFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Roster')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Roster')
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'roster')
}
