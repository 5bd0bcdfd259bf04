// What the built bundles need, so that they work where only the package is: no development module, no Node in the preload,
// no process of their own making, native code outside of the archive.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { expect, test } from './program.ts'
import { Standin } from './client.ts'

const project = join(import.meta.dirname, '../..')
const inProject = (...path: string[]) => join(project, ...path)
const readJson = <T>(path: string) => JSON.parse(readFileSync(inProject(path), 'utf8')) as T
const bundles = () => readdirSync(inProject('out/main')).filter((name) => name.endsWith('.js'))

interface Node {
  type: string
  [key: string]: unknown
}

/** Every module that the text imports or requires by a literal name; other names come as null. */
function importsOf(text: string): (string | null)[] {
  const found: (string | null)[] = []
  const literal = (node: unknown) => {
    const { type, value } = node as { type: string; value?: unknown }
    return type === 'Literal' && typeof value === 'string' ? value : null
  }
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk)
    if (typeof node !== 'object' || node === null) return
    const { type = '', source, callee, arguments: args } = node as Partial<Node>
    if ((type.startsWith('Import') || type.startsWith('Export')) && source) found.push(literal(source))
    if (type === 'CallExpression' && (callee as { name?: string }).name === 'require')
      found.push(literal((args as unknown[])[0]))
    Object.values(node).forEach((child) => typeof child === 'object' && walk(child))
  }
  walk(parseAst(text).body)
  return found
}

const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
const isOfNode = (name: string) => name.startsWith('node:') || builtinModules.includes(name)

test('the preload is one CommonJS file that requires only electron', () => {
  expect(readdirSync(inProject('out/preload'))).toEqual(['preload.cjs'])
  const text = readFileSync(inProject('out/preload/preload.cjs'), 'utf8')
  expect(importsOf(text)).toEqual(['electron'])
  expect(text).not.toMatch(/^\s*(import|export)\b/m)
})

test('what the bundles import is Node, Electron, a chunk beside them, or a production dependency', () => {
  const { dependencies } = readJson<{ dependencies: Record<string, string> }>('package.json')
  const names = bundles().flatMap((file) => importsOf(readFileSync(inProject('out/main', file), 'utf8')))
  expect(names.length).toBeGreaterThan(10)
  // The one name that is data is a step of a trusted folder.
  expect(importsOf(readFileSync(inProject('out/main/migration.js'), 'utf8'))).toContain(null)
  names.splice(names.indexOf(null), 1)
  const outside = names.filter(
    (name) => name === null || !(isOfNode(name) || name === 'electron' || name.startsWith('./')),
  )
  expect(outside.filter((name) => name === null || !(packageOf(name) in dependencies))).toEqual([])
  const chunks = names.filter((name) => name?.startsWith('./'))
  expect(chunks.filter((name) => !existsSync(inProject('out/main', name ?? '')))).toEqual([])
})

test('the window’s bundles start no process by themselves', () => {
  const starters = /^(node:)?(child_process|cluster|worker_threads)$/
  // The browser host is another program: it has no utility processes.
  const of = (file: string): string[] => {
    const names = importsOf(readFileSync(inProject('out/main', file), 'utf8')).filter((name) => name !== null)
    return names.flatMap((name) => [name, ...(name.startsWith('./') && name !== `./${file}` ? of(name.slice(2)) : [])])
  }
  // The same search finds what the browser host starts its processes with.
  expect(of('headless.js').filter((name) => starters.test(name))).toEqual(['node:child_process'])
  for (const entry of ['desktop.js', 'sqlite.js', 'migration.js'])
    expect([entry, of(entry).filter((name) => starters.test(name))]).toEqual([entry, []])
})

test('what is loaded while Roster runs is of the production set', async ({ folder }) => {
  const standin = await Standin.start({ dataFolder: join(folder, 'data') })
  const page = await standin.page()
  await expect(page.getByRole('link', { name: /^Migrations/ })).toBeVisible()
  const files = standin
    .recorded<{ url: string }>('module')
    .filter(({ url }) => url.startsWith('file:'))
    .map(({ url }) => fileURLToPath(url))
  await standin.stop()
  expect(files.length).toBeGreaterThan(20)
  const { packages } = readJson<{ packages: Record<string, { dev?: boolean }> }>('package-lock.json')
  const owners = new Set(
    files.map((file) => {
      const path = file.slice(project.length + 1).split(sep)
      const at = path.lastIndexOf('node_modules')
      if (at < 0) return path.slice(0, 2).join('/')
      return path.slice(0, at + (path[at + 1]?.startsWith('@') ? 3 : 2)).join('/')
    }),
  )
  const wrong = [...owners].filter((owner) => owner !== 'out/main' && (!packages[owner] || packages[owner].dev))
  expect(wrong).toEqual([])
  expect([...owners]).toContain('node_modules/zod')
})

test('native modules are Node-API prebuilds', () => {
  const { packages } = readJson<{ packages: Record<string, { dev?: boolean; devOptional?: boolean }> }>(
    'package-lock.json',
  )
  const native = Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && existsSync(inProject(path)))
    .map(([path]) => path)
    .filter((path) => readdirSync(inProject(path), { recursive: true }).some((file) => String(file).endsWith('.node')))
  expect(native).toEqual(['node_modules/better-sqlite3'])
  const prebuilds = readdirSync(inProject('node_modules/better-sqlite3'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.node'))
  expect(prebuilds.length).toBeGreaterThan(0)
  for (const file of prebuilds) {
    const text = readFileSync(inProject('node_modules/better-sqlite3', file), 'latin1')
    // A Node-API module names its entry so; one bound to a version of V8 registers itself otherwise.
    expect([file, text.includes('napi_register_module_v1')]).toEqual([file, true])
    expect([file, text.includes('node_module_register')]).toEqual([file, false])
  }
})
