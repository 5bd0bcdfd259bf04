// Finds Chromium for the end-to-end tests, or installs Debian's package.
import { existsSync } from 'node:fs'
import { runProgram } from './project.ts'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

function find(): string | null {
  const chosen = process.env.CHROMIUM
  return (chosen ? [chosen] : PLACES).find((place) => existsSync(place)) ?? null
}

/** The browser's path, or the words that say what is missing and how to get it. */
export async function chromium(): Promise<{ program: string } | { missing: string }> {
  const found = find()
  if (found) return { program: found }
  const hint =
    'Chromium is needed for the end-to-end tests. Install it (Debian: apt-get install chromium) or set CHROMIUM to its path.'
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return { missing: hint }
  console.log('Installing Chromium from Debian for the end-to-end tests, once.')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runProgram('apt-get', ['update', '-qq'], { env })
  const { code, output } = await runProgram('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-dejavu-core'], {
    env,
  })
  const program = find()
  if (code === 0 && program) return { program }
  return { missing: `${hint} apt-get said: ${output.trim().split('\n').at(-1) ?? ''}` }
}
