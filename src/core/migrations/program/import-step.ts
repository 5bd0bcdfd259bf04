// Inside the child: reads a step's file, sees that it is the one that was trusted, and imports it from where it lies. The one
// file of Roster that loads code by a name that is data.
import { readFileSync, realpathSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Refusal } from '../../refusal.ts'
import { checksumOf } from '../folder/checksum.ts'
import { withoutTypeImports } from './type-imports.ts'

/** What a file of knex exports, as far as it is used. */
export interface StepModule {
  up?: (knex: unknown) => unknown
  down?: (knex: unknown) => unknown
  config?: { transaction?: unknown }
}

/** To be called once, before the first import. */
export function prepareImports(): void {
  if (!process.features.typescript) return
  registerHooks({
    resolve(name, context, next) {
      try {
        return next(name, context)
      } catch (error) {
        const isOfTypeScript = /^file:.*\.[cm]?ts$/.test(context.parentURL ?? '')
        if (!isOfTypeScript || !name.startsWith('.')) throw error
        // As a compiler finds files: without an extension, a folder's index, and under the name that they will have.
        const others = [`${name}.ts`, `${name}.js`, `${name}/index.ts`, `${name}/index.js`, name.replace(/js$/, 'ts')]
        for (const other of others) {
          try {
            return next(other, context)
          } catch {
            // The next one may be there.
          }
        }
        throw error
      }
    },
    load(url, context, next) {
      const loaded = next(url, context)
      if (!url.startsWith('file:') || !/\.[cm]?ts$/.test(url) || url.includes('/node_modules/')) return loaded
      const text = readFileSync(fileURLToPath(url), 'utf8')
      try {
        return { ...loaded, source: withoutTypeImports(stripTypeScriptTypes(text)) }
      } catch {
        // Node says itself what it does not understand.
        return loaded
      }
    },
  })
}

/** Throws NOT_TRUSTED and STEP_REFUSED; `name` is what the file is called in words. */
export async function importStep(name: string, path: string, checksum: string): Promise<StepModule> {
  const file = realOf(name, path)
  // As the folder was read: a byte order mark is no part of the text.
  if (checksumOf([new TextDecoder().decode(readFileSync(file))]) !== checksum) {
    const message = `${name} is not the file that was trusted: it has changed since it was read. Nothing of it was run.`
    throw new Refusal('NOT_TRUSTED', message)
  }
  const isTypeScript = /\.[cm]?ts$/.test(file)
  if (isTypeScript && !process.features.typescript) {
    const message = `${name} is TypeScript, which this runtime cannot run (Node ${process.versions.node}). Compile it to JavaScript, or run it with the browser host (Node 24).`
    throw refused(name, message)
  }
  let loaded: unknown
  try {
    loaded = await import(pathToFileURL(file).href)
  } catch (error) {
    throw refused(name, whyNot(name, file, error), error)
  }
  return stepOf(loaded)
}

function realOf(name: string, path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw refused(name, `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`, error)
  }
}

/** As knex takes it: what is exported under its name. CommonJS, and a default that is an object, are exported as one thing. */
function stepOf(loaded: unknown): StepModule {
  const module = Object(loaded) as StepModule & { default?: unknown }
  if (typeof module.up === 'function' || typeof module.down === 'function') return module
  const inner = Object(module.default) as StepModule & { default?: unknown }
  if (typeof inner.up === 'function' || typeof inner.down === 'function') return inner
  // Compiled to CommonJS from a default export.
  return Object(inner.default ?? module) as StepModule
}

function whyNot(name: string, file: string, error: unknown): string {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  const words = typeof message === 'string' ? message : String(error)
  const wanted = /Cannot find (?:module|package) '([^']+)'/.exec(words)?.[1]
  if ((code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') && wanted !== undefined) {
    if (/^(\.|\/|[A-Za-z]:[\\/]|file:)/.test(wanted)) return `${name} imports ${wanted}, which is not there.`
    const places = placesFor(file)
    return `${name} imports the package "${wanted}", which is in none of ${places.join(', ')}. Install it beside the migrations.`
  }
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return `${name} uses TypeScript that has to be compiled (an enum, a namespace, a parameter property): ${firstLine(words)}`
  }
  const kind = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : ''
  return `${name} could not be loaded: ${kind}${firstLine(words)}`
}

const firstLine = (text: string) => text.split('\n')[0] ?? ''

/** Where Node looks for a package, the nearest first. */
function placesFor(file: string): string[] {
  const places: string[] = []
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    places.push(join(folder, 'node_modules'))
    if (folder === dirname(folder)) return places
  }
}

export function refused(name: string, message: string, cause?: unknown): Refusal {
  return new Refusal('STEP_REFUSED', message, { name }, cause)
}
