// Finds the Electron binary, or fetches it: once per version, with progress, and never again after a failure until asked.
import { downloadArtifact, type FetchDownloaderOptions } from '@electron/get'
import { createRequire } from 'node:module'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { inProject, runTool } from './project.ts'

/** Milliseconds without a byte after which a download is given up. */
const SILENCE = 60_000

const home = 'node_modules/electron'
const memory = inProject('.roster', 'electron-fetch.json')
const require = createRequire(import.meta.url)

function electronVersion(): string {
  return (JSON.parse(readFileSync(inProject(home, 'package.json'), 'utf8')) as { version: string }).version
}

/** The binary's path, or null. Never `require('electron')`: that would start a download of its own. */
export function electronProgram(): string | null {
  const pathFile = inProject(home, 'path.txt')
  if (!existsSync(pathFile)) return null
  const program = inProject(home, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(program) ? program : null
}

export function hasDisplay(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** Why an earlier attempt to fetch this version failed; null when none did. */
export function earlierFailure(): string | null {
  try {
    const { version, failure } = JSON.parse(readFileSync(memory, 'utf8')) as { version: string; failure: string }
    return version === electronVersion() ? failure : null
  } catch {
    return null
  }
}

/** Fetches and unpacks the binary. Returns its path, or the reason why it cannot be had. */
export async function fetchElectron(): Promise<{ program: string } | { failure: string }> {
  const version = electronVersion()
  console.log(`Fetching Electron ${version}, about 120 MB, once.`)
  try {
    await download(version)
    const { code, output } = await runTool(`${home}/install.js`, [])
    const program = electronProgram()
    if (code !== 0 || !program) throw new Error(output.trim().split('\n')[0] ?? 'it could not be unpacked')
    return { program }
  } catch (error) {
    const failure = reasonOf(error)
    mkdirSync(dirname(memory), { recursive: true })
    writeFileSync(memory, JSON.stringify({ version, failure }))
    return { failure }
  }
}

async function download(version: string): Promise<void> {
  const stop = new AbortController()
  const giveUp = () => stop.abort(new Error(`no data for ${SILENCE / 1000} s`))
  let silence = setTimeout(giveUp, SILENCE)
  let shown = 0
  const downloadOptions: FetchDownloaderOptions = {
    signal: stop.signal,
    quiet: true,
    getProgressCallback: ({ transferred, total }) => {
      clearTimeout(silence)
      silence = setTimeout(giveUp, SILENCE)
      const percent = total ? Math.floor((transferred / total) * 100) : 0
      if (percent >= shown + 10) console.log(`  ${(shown = percent - (percent % 10))} %`)
      return Promise.resolve()
    },
  }
  const checksums = require(inProject(home, 'checksums.json')) as Record<string, string>
  try {
    const request = { version, artifactName: 'electron', platform: process.platform, arch: process.arch, checksums }
    await Promise.race([
      downloadArtifact({ ...request, downloadOptions }),
      // A stalled connection may ignore the signal until its next byte.
      new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error))),
    ])
  } finally {
    clearTimeout(silence)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`
}
