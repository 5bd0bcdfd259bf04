// Plants a breach of every row of the layer table and sees each one caught, with the allowed folders named.
import { ESLint } from 'eslint'
import { beforeAll, describe, expect, it } from 'vitest'
import { layerRules } from '../eslint.layers.ts'
import { project } from './project.ts'
import { parser } from 'typescript-eslint'

let eslint: ESLint

beforeAll(() => {
  eslint = new ESLint({
    cwd: project,
    overrideConfigFile: true,
    overrideConfig: [{ files: ['**/*.ts', '**/*.tsx'], languageOptions: { parser } }, ...layerRules],
  })
})

async function problems(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath })
  return (result?.messages ?? []).filter((message) => message.ruleId !== null).map((message) => message.message)
}

const breaches: readonly [what: string, file: string, code: string][] = [
  ['shared imports core', 'src/shared/x.ts', "import { a } from '../core/core.ts'"],
  ['shared imports a type of core', 'src/shared/x.ts', "import type { Core } from '../core/core.ts'"],
  ['shared imports Node', 'src/shared/x.ts', "import { readFileSync } from 'node:fs'"],
  ['shared imports Node without its prefix', 'src/shared/x.ts', "import fs from 'fs'"],
  ['shared imports react', 'src/shared/x.ts', "import { useState } from 'react'"],
  ['shared imports the server', 'src/shared/x.ts', "import { os } from '@orpc/server'"],
  ['core imports electron', 'src/core/x.ts', "import { app } from 'electron'"],
  ['core imports react', 'src/core/x.ts', "import { useState } from 'react'"],
  ['core imports a transport', 'src/core/x.ts', "import { RPCHandler } from '@orpc/server/ws'"],
  ['core imports ws', 'src/core/x.ts', "import { WebSocketServer } from 'ws'"],
  ['core starts a process', 'src/core/tables/x.ts', "import { fork } from 'node:child_process'"],
  ['core starts a process without the prefix', 'src/core/tables/x.ts', "import { fork } from 'child_process'"],
  ['core starts a process by import()', 'src/core/tables/x.ts', "export const a = () => import('node:child_process')"],
  ['core imports a host', 'src/core/x.ts', "import { createHeadlessHost } from '../headless/host.ts'"],
  ['core imports the renderer', 'src/core/tables/x.ts', "import { api } from '../../renderer/api.ts'"],
  ['one feature of core imports another', 'src/core/tables/x.ts', "import { a } from '../migrations/run.ts'"],
  [
    'core changes schema outside migrations',
    'src/core/tables/x.ts',
    'export const a = (knex) => knex.schema.dropTable("t")',
  ],
  [
    'core asks for schema work outside migrations',
    'src/core/users/x.ts',
    'export const a = (database) => database.schema()',
  ],
  [
    'core runs a transaction of knex',
    'src/core/migrations/x.ts',
    'export const a = (knex) => knex.transaction(() => 1)',
  ],
  ['core commits by itself', 'src/core/tables/x.ts', 'export const a = (trx) => trx.commit()'],
  ['an engine commits by itself', 'src/core/db/postgres/x.ts', 'export const a = (link) => link.commit()'],
  [
    'an engine runs a transaction of knex',
    'src/core/db/mysql/x.ts',
    'export const a = (knex) => knex.transaction(() => 1)',
  ],
  ['main imports knex', 'src/main/x.ts', "import knex from 'knex'"],
  ['main imports headless', 'src/main/x.ts', "import { a } from '../headless/host.ts'"],
  ['headless imports electron', 'src/headless/x.ts', "import { app } from 'electron'"],
  ['headless imports main', 'src/headless/x.ts', "import { a } from '../main/host.ts'"],
  ['headless starts a process beside its host', 'src/headless/x.ts', "import { fork } from 'node:child_process'"],
  ['main starts a process of Node', 'src/main/x.ts', "import { spawn } from 'node:child_process'"],
  ['cli imports a transport', 'src/cli/x.ts', "import { WebSocketServer } from 'ws'"],
  ['preload imports Node', 'src/preload/x.ts', "import { readFileSync } from 'node:fs'"],
  ['preload imports core', 'src/preload/x.ts', "import { a } from '../core/core.ts'"],
  ['renderer imports a type of core', 'src/renderer/x.ts', "import type { Core } from '../core/core.ts'"],
  ['renderer imports core from a feature', 'src/renderer/tables/x.tsx', "import { a } from '../../core/core.ts'"],
  ['renderer imports electron', 'src/renderer/x.ts', "import { ipcRenderer } from 'electron'"],
  ['renderer imports Node', 'src/renderer/x.ts', "import { readFileSync } from 'node:fs'"],
  ['one feature of renderer imports another', 'src/renderer/tables/x.tsx', "import { a } from '../migrations/run.tsx'"],
  [
    'renderer writes markup',
    'src/renderer/x.tsx',
    'export const A = () => <p dangerouslySetInnerHTML={{ __html: "" }} />',
  ],
  ['a migration imports src', 'migrations/x.ts', "import { a } from '../src/core/core.ts'"],
  ['a migration imports Node', 'migrations/x.ts', "import { readFileSync } from 'node:fs'"],
  ['an end-to-end test imports src', 'e2e/x.spec.ts', "import { a } from '../src/shared/cell.ts'"],
  ['core imports ssh2 outside of core/ssh', 'src/core/connections/x.ts', "import ssh2 from 'ssh2'"],
  ['an engine imports ssh2', 'src/core/db/postgres/x.ts', "import ssh2 from 'ssh2'"],
  ['main imports ssh2', 'src/main/x.ts', "import ssh2 from 'ssh2'"],
  ['headless imports ssh2', 'src/headless/x.ts', "import ssh2 from 'ssh2'"],
  ['renderer imports ssh2', 'src/renderer/x.ts', "import ssh2 from 'ssh2'"],
  ['core/ssh imports a transport', 'src/core/ssh/x.ts', "import { WebSocketServer } from 'ws'"],
  ['a tunnel runs a command', 'src/core/ssh/x.ts', "export const a = (client) => client.exec('id')"],
  ['a tunnel opens a shell', 'src/core/ssh/x.ts', 'export const a = (client) => client.shell()'],
  ['a tunnel lends the agent', 'src/core/ssh/x.ts', 'export const a = { agentForward: true }'],
  ['a default export', 'src/core/x.ts', 'export default function a() {}'],
]

const lawful: readonly [what: string, file: string, code: string][] = [
  ['shared imports zod', 'src/shared/x.ts', "import { z } from 'zod'"],
  ['shared imports the contract library', 'src/shared/x.ts', "import { oc } from '@orpc/contract'"],
  [
    'core imports shared, Node and knex',
    'src/core/tables/x.ts',
    "import knex from 'knex'\nimport 'node:path'\nimport '../../shared/cell.ts'",
  ],
  [
    'core/migrations imports the migrations',
    'src/core/migrations/x.ts',
    "import * as a from '../../../migrations/001-a.ts'",
  ],
  [
    'core/migrations changes schema',
    'src/core/migrations/x.ts',
    'export const a = (knex) => knex.schema.dropTable("t")',
  ],
  ['the runner commits', 'src/core/db/transaction.ts', 'export const a = (session) => session.commit()'],
  [
    'the host of headless forks and serves',
    'src/headless/host.ts',
    "import { fork } from 'node:child_process'\nimport { WebSocketServer } from 'ws'",
  ],
  ['core/ssh imports ssh2', 'src/core/ssh/x.ts', "import ssh2 from 'ssh2'"],
  ['main imports electron and core', 'src/main/x.ts', "import { app } from 'electron'\nimport '../core/core.ts'"],
  [
    'renderer imports react and shared',
    'src/renderer/tables/x.tsx',
    "import { useState } from 'react'\nimport '../../shared/cell.ts'",
  ],
  ['a migration imports the types of knex', 'migrations/x.ts', "import type { Knex } from 'knex'"],
]

describe('the layer table', () => {
  it.each(breaches)('catches: %s', async (_, file, code) => {
    expect(await problems(file, code)).not.toEqual([])
  })

  it.each(lawful)('allows: %s', async (_, file, code) => {
    expect(await problems(file, code)).toEqual([])
  })

  it('names what is allowed', async () => {
    const [message] = await problems('src/renderer/x.ts', "import '../core/core.ts'")
    expect(message).toContain('renderer may import shared')
  })
})
