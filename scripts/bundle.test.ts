// What the built program needs: looked up in the bundles themselves, and run beside nothing but production packages.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { UNPACKED } from '../packaging/settings.ts'
import { createWire } from '../src/renderer/link/wire.ts'
import type { Api } from '../src/shared/contract.ts'
import { askedFor, type AskedFor } from './asked-for.ts'
import { inProject, runTool } from './project.ts'

interface Package {
  dependencies?: Record<string, string>
}
const { dependencies = {} } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as Package
const lock = JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8')) as {
  packages: Record<string, { dev?: boolean; version?: string }>
}
/** Folders of what is installed without the development set; Node itself, which only `npm start` uses, is left out. */
const production = Object.entries(lock.packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true && !/^node_modules\/node-(linux|win|darwin)-/.test(path))
  .map(([path]) => path)
  .filter((path) => existsSync(inProject(path)))

beforeAll(async () => {
  const { code, output } = await runTool('scripts/build.ts', [])
  if (code !== 0) throw new Error(output)
}, 120_000)

const read = (file: string) => askedFor(inProject('out/main', file))
const isRelative = (name: string) => name.startsWith('.')
const packageOf = (name: string) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? ''
const isNode = (name: string) => name.startsWith('node:') || builtinModules.includes(name)

/** The bundle and every chunk it leads to, by the entry's file name. */
function closure(entry: string): Map<string, AskedFor> {
  const found = new Map<string, AskedFor>()
  const visit = (file: string) => {
    if (found.has(file)) return
    const asked = read(file)
    found.set(file, asked)
    for (const name of asked.modules.filter(isRelative)) visit(name.replace(/^\.\//, ''))
  }
  visit(entry)
  return found
}
const modulesOf = (entry: string) => new Set([...closure(entry).values()].flatMap(({ modules }) => modules))

describe('the preload', () => {
  it('is one CommonJS file that requires electron and nothing else', () => {
    expect(readdirSync(inProject('out/preload'))).toEqual(['preload.cjs'])
    const file = inProject('out/preload/preload.cjs')
    expect(askedFor(file)).toEqual({ modules: ['electron'], unknown: [] })
    const code = readFileSync(file, 'utf8')
    expect(code).toContain('require("electron")')
    // A sandboxed preload runs as a function of CommonJS: a module's own words would not parse.
    expect(code).not.toMatch(/^\s*(import|export)\b|import\.meta/m)
    expect(code).not.toMatch(/contextBridge|process\.|Buffer|setImmediate|\bglobal\b/)
  })
})

describe('the main bundles', () => {
  it('ask for Node, Electron, production dependencies and files beside them, by names that are written down', () => {
    const files = readdirSync(inProject('out/main'))
    expect(files).toEqual(
      expect.arrayContaining(['desktop.js', 'headless.js', 'sqlite.js', 'migration.js', 'hashing.js']),
    )
    for (const file of files) {
      const { modules, unknown } = read(file)
      // A step of a trusted folder, in the process that has no connection, is all that is loaded by a name that is data.
      expect([file, unknown]).toEqual([file, file === 'migration.js' ? ['import(pathToFileURL(file).href)'] : []])
      for (const name of modules) {
        if (isNode(name) || name === 'electron') continue
        if (isRelative(name)) expect(files).toContain(basename(name))
        else expect(Object.keys(dependencies)).toContain(packageOf(name))
      }
    }
  })

  it('ask for Electron in the window alone', () => {
    expect(modulesOf('desktop.js')).toContain('electron')
    expect(modulesOf('headless.js')).not.toContain('electron')
    expect(modulesOf('sqlite.js')).not.toContain('electron')
    expect(modulesOf('migration.js')).not.toContain('electron')
    expect(modulesOf('hashing.js')).not.toContain('electron')
  })

  it('start processes through Host.spawn alone: the window has no child_process, and forks utility processes', () => {
    const starts = (name: string) => /^(node:)?(child_process|cluster|worker_threads)$/.test(name)
    expect([...modulesOf('desktop.js')].filter(starts)).toEqual([])
    expect([...modulesOf('sqlite.js')].filter(starts)).toEqual([])
    expect([...modulesOf('migration.js')].filter(starts)).toEqual([])
    expect([...modulesOf('hashing.js')].filter(starts)).toEqual([])
    expect([...modulesOf('headless.js')].filter(starts)).toEqual(['node:child_process'])
    // RunAsNode is off in packages, so Electron cannot be made to run as a Node.
    for (const file of closure('desktop.js').keys()) {
      const code = readFileSync(inProject('out/main', file), 'utf8')
      expect(code).not.toContain('ELECTRON_RUN_AS_NODE')
    }
  })

  it('ask for no driver in the process of a folder’s steps', () => {
    const drivers = /^(pg|mysql2|better-sqlite3)(\/|$)/
    expect([...modulesOf('sqlite.js')].filter((name) => drivers.test(name))).not.toEqual([])
    expect([...modulesOf('migration.js')].filter((name) => drivers.test(name))).toEqual([])
    expect([...modulesOf('hashing.js')].filter((name) => drivers.test(name))).toEqual([])
  })

  it('have an entry beside them for every child that Host.spawn knows', () => {
    const code = readFileSync(inProject('src/core/host.ts'), 'utf8')
    const entries = [...(/spawn\(entry: ([^)]+)\)/.exec(code)?.[1] ?? '').matchAll(/'([\w-]+)'/g)].map(
      ([, name]) => name,
    )
    expect(entries).toEqual(['sqlite', 'migration', 'hashing'])
    for (const entry of entries) expect(existsSync(inProject(`out/main/${entry}.js`))).toBe(true)
  })
})

describe('the production packages', () => {
  it('start processes in the places known alone', () => {
    const starting = production.flatMap((path) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return scriptsOf(inProject(path)).some((file) => /['"](node:)?child_process['"]/.test(readFileSync(file, 'utf8')))
        ? [name]
        : []
    })
    // commander and esm serve knex's command line; node-addon-api serves compiling better-sqlite3, and is not packed.
    // electron-updater starts the installer that it has verified, and is off unless a feed was configured when packing.
    // ssh2 could start helpers for the agents of PuTTY and Cygwin: core/ssh makes OpenSSH's agent alone. buildcheck serves
    // compiling ssh2's native helper, which is not built.
    const known = ['buildcheck', 'commander', 'electron-updater', 'esm', 'node-addon-api', 'ssh2']
    expect(starting.sort()).toEqual(known)
  })

  it('hold native modules with the Node-API alone, which fit Node and Electron alike, and which packing leaves unpacked', () => {
    const native = production.flatMap((path) =>
      readdirSync(inProject(path), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.node'))
        .map((file) => join(path, file)),
    )
    expect(native).toContain(join('node_modules/better-sqlite3/prebuilds', `${process.platform}-${process.arch}.node`))
    for (const file of native) {
      const code = readFileSync(inProject(file))
      // Names of symbols stand in the file as text on every platform.
      expect([file, code.includes('napi_register_module_v1')]).toEqual([file, true])
      // v8:: and node:: as GCC, Clang and MSVC spell them: an interface that changes with every version of the engine.
      for (const symbol of ['_ZN2v8', '_ZNK2v8', '@v8@@', '_ZN4node', 'node_module_register'])
        expect([file, symbol, code.includes(symbol)]).toEqual([file, symbol, false])
    }
    expect(UNPACKED).toContain('**/*.node')
  })
})

function scriptsOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?js$/.test(file) && !/(^|[\\/])node_modules[\\/]/.test(file))
    .map((file) => join(folder, file))
}

describe('beside production packages alone', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'roster-production-'))
    cpSync(inProject('package.json'), join(folder, 'package.json'))
    cpSync(inProject('out'), join(folder, 'out'), { recursive: true })
    for (const path of production) {
      // Packages inside of packages come by themselves only when they are in the list too.
      const inside = join(inProject(path), 'node_modules')
      cpSync(inProject(path), join(folder, path), {
        recursive: true,
        filter: (source) => source !== inside && !/better-sqlite3[\\/](deps|src)$/.test(source),
      })
    }
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('every module the bundles ask for is found', async () => {
    expect(existsSync(join(folder, 'node_modules/vite'))).toBe(false)
    const names = ['desktop.js', 'headless.js', 'sqlite.js', 'migration.js', 'hashing.js']
      .flatMap((entry) => [...modulesOf(entry)])
      .filter((name) => !isRelative(name) && !isNode(name) && name !== 'electron')
    expect(names).toContain('knex')
    const script = `for (const name of ${JSON.stringify(names)}) import.meta.resolve(name)`
    expect(await node(folder, ['--input-type=module', '--eval', script])).toEqual({ code: 0, err: '' })
  })

  it('the program runs: it serves its page, opens the sample in a child process and runs its migrations', async () => {
    const host = spawn(process.execPath, ['out/main/headless.js', '--data-dir', join(folder, 'data')], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '', HOME: folder },
    })
    try {
      let said = ''
      for (const stream of [host.stdout, host.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()))
      await expect.poll(() => said, { timeout: 20_000 }).toContain('\n')
      const link = new URL(/http:\S+/.exec(said)?.[0] ?? said)
      expect((await fetch(link.origin)).status).toBe(200)
      const { api, socket } = await connect(link)
      const [sample] = (await api.profiles.list()).profiles
      const profileId = sample?.id ?? ''
      expect(await api.profiles.open({ profileId })).toMatchObject({
        version: expect.stringContaining('SQLite') as string,
      })
      const kinds: string[] = []
      // No migrations/ lies beside this bundle: the texts are a part of it.
      for (const name of readdirSync(inProject('migrations'))) {
        const text = readFileSync(inProject('migrations', name), 'utf8')
        expect(await api.migrations.source({ profileId, name })).toMatchObject({ files: [{ name, text }] })
      }
      for await (const event of await api.migrations.run({ profileId, action: { kind: 'all' } }))
        kinds.push(event.kind === 'finished' ? event.outcome : event.kind)
      expect(kinds.at(-1)).toBe('done')
      socket.terminate()
      const ended = new Promise((resolve) => host.once('exit', resolve))
      host.kill('SIGTERM')
      expect(await ended).toBe(0)
    } finally {
      host.kill('SIGKILL')
    }
  }, 60_000)
})

async function connect(link: URL): Promise<{ api: Api; socket: WebSocket }> {
  const body = JSON.stringify({ token: link.hash.slice('#token='.length) })
  const answer = await fetch(`${link.origin}/session`, { method: 'POST', headers: { origin: link.origin }, body })
  const { secret } = (await answer.json()) as { secret: string }
  const socket = new WebSocket(`${link.origin.replace('http', 'ws')}/socket`, { origin: link.origin })
  const wire = createWire((frame) => socket.send(frame))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ session: secret }))
  await new Promise((resolve) => socket.once('message', resolve))
  socket.on('message', (data) => wire.receive((data as Buffer).toString('utf8')))
  socket.on('close', () => wire.close(new Error('the socket was closed')))
  return { api: createORPCClient<Api>(wire.link), socket }
}

function node(cwd: string, args: string[]): Promise<{ code: number | null; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
    let err = ''
    child.stderr.on('data', (text: Buffer) => (err += text.toString()))
    child.on('close', (code) => resolve({ code, err }))
  })
}
