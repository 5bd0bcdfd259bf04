// Parsing opens no file, starts nothing and connects to nothing: every function that could is watched while all texts are read.
import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs, { statSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { expect, test } from 'vitest'
import { connectionFormat } from '../../../shared/connection-strings.ts'
import { parseAs, readAll } from './formats.ts'
import { NEVER_FOLLOWED } from './settings-known.ts'
import { StringProblem } from './parsed.ts'
import { understand } from './understand.ts'

const file = join(import.meta.dirname, '../../../../e2e/fixtures/connection-strings.json')
const inputs = (JSON.parse(fs.readFileSync(file, 'utf8')) as { input: string }[]).map(({ input }) => input)
const hostile = [
  ...NEVER_FOLLOWED.map((key) => `postgresql://u:p@h.example/d?${key}=/etc/passwd`),
  ...[
    'service=x',
    'passfile=/etc/passwd',
    'sslkey=/etc/passwd&sslcert=/etc/passwd&sslrootcert=/etc/passwd',
    'host=evil.example',
  ].flatMap((settings) => [
    `postgresql://h/d?${settings}`,
    `mysql://h/d?${settings}`,
    `jdbc:postgresql://h/d?${settings}`,
    settings.replaceAll('&', ' '),
  ]),
  'file:///etc/passwd?mode=ro',
  'sqlite:////etc/passwd',
  'jdbc:sqlite::resource:http://evil.example/x.db',
  '\\\\evil.example\\share\\x.db',
]

/** Runs it with every function of these modules counted; answers with the names of those that were called. */
function watched(run: () => void): string[] {
  const called: string[] = []
  const modules: Record<string, object> = {
    fs,
    'fs.promises': fs.promises,
    net,
    tls,
    dgram,
    dns,
    'dns.promises': dns.promises,
    http,
    https,
    childProcess,
  }
  const undo: (() => void)[] = []
  for (const [name, module] of Object.entries(modules)) {
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
      const value: unknown = descriptor.value
      // Of net, only what tells an address from a name is harmless.
      if (typeof value !== 'function' || !descriptor.writable || !descriptor.configurable || /^isIP/.test(key)) continue
      const spy = new Proxy(value, {
        apply(target, self, args) {
          called.push(`${name}.${key}`)
          return Reflect.apply(target, self, args) as unknown
        },
        construct(target, args, newTarget) {
          called.push(`new ${name}.${key}`)
          return Reflect.construct(target, args, newTarget) as object
        },
      })
      Object.defineProperty(module, key, { ...descriptor, value: spy })
      undo.push(() => Object.defineProperty(module, key, descriptor))
    }
  }
  syncBuiltinESMExports()
  try {
    run()
  } finally {
    for (const each of undo) each()
    syncBuiltinESMExports()
  }
  return called
}

test('the watch sees what is called, through whatever import', () => {
  expect(watched(() => void statSync('/'))).toEqual(['fs.statSync'])
  expect(
    watched(
      () =>
        void net
          .connect({ port: 1, host: '127.0.0.1' })
          .on('error', () => {})
          .destroy(),
    ),
  ).toContain('net.connect')
})

test('nothing is called by reading, in any form, with everything agreed to', () => {
  let count = 0
  const called = watched(() => {
    for (const text of [...inputs, ...hostile]) {
      const ids = new Set<string>()
      for (const { understood } of readAll(text, ids).usable) for (const { id } of understood.dangers) ids.add(id)
      count += readAll(text, ids).usable.length
      for (const format of connectionFormat.options) {
        try {
          understand(parseAs(format, text), format, ids)
        } catch (error) {
          if (!(error instanceof StringProblem)) throw error
        }
      }
    }
  })
  expect(called).toEqual([])
  expect(count).toBeGreaterThan(200)
})
