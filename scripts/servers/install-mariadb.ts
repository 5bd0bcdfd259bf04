// Installs Debian's MariaDB where root may, without its service: only the programs, which the tests start themselves.
import { existsSync } from 'node:fs'
import { runProgram } from '../project.ts'
import { whyNoMariadb } from './mariadb-engine.ts'

const PACKAGES = ['mariadb-server-core', 'mariadb-client-core']

export function canInstall(): boolean {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  return isRoot && !process.env.MARIADBD && existsSync('/usr/bin/apt-get')
}

/** Null when MariaDB is there, now or already; otherwise the words that say what is missing and how to get it. */
export async function installMariadb(): Promise<string | null> {
  const missing = whyNoMariadb()
  if (missing === null || !canInstall()) return missing
  console.log('Installing MariaDB from Debian for the tests, once.')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Two test files may come here at once: the second one waits for apt's lock.
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-qq']
  await runProgram('apt-get', [...patient, 'update'], { env })
  const { output } = await runProgram(
    'apt-get',
    [...patient, 'install', '-y', '--no-install-recommends', ...PACKAGES],
    {
      env,
    },
  )
  const still = whyNoMariadb()
  return still && `${still}. apt-get said: ${output.trim().split('\n').at(-1) ?? ''}`
}
