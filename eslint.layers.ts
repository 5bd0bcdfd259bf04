// The layer table as lint rules. A breach names what is allowed. Layers are told by relative path (no aliases).

import type { Linter } from 'eslint'
import { guardsFor, keepers, noShell, STEP_LOADER, type Guard } from './eslint.guards.ts'

/** Packages that belong to one kind of place. */
const database = 'knex|pg|mysql2|better-sqlite3'
const transport =
  'ws|@orpc/server/(ws|message-port|fetch|node|websocket|crossws|bun-ws|fastify)|@orpc/client/(websocket|message-port|fetch)'
const react = 'react|react-dom|@mantine/.*|@tanstack/.*|lucide-react'
const tunnel = 'ssh2'
const process = '(node:)?child_process|(node:)?cluster|(node:)?worker_threads'
/** The one file that starts processes with Node's own means; elsewhere they are started through Host.spawn. */
const FORKS = 'src/headless/host.ts'

/** Folder under src: the folders it may import, the packages it may not, and why in words. */
interface Layer {
  may: string[]
  says: string
  /** Packages this layer may not import, or the only ones it may. */
  not?: string
  onlyPackages?: string
}

const layers: Record<string, Layer> = {
  shared: {
    may: [],
    onlyPackages: 'zod|@orpc/contract',
    says: 'shared may import zod and @orpc/contract, and nothing else: it runs on both ends.',
  },
  core: {
    may: ['shared', '../migrations'],
    not: `electron|${react}|${transport}|${process}|${tunnel}`,
    says: 'core may import shared and migrations. Processes are started through Host.spawn; no host, transport or screen here. ssh2 is imported by core/ssh alone.',
  },
  main: {
    may: ['shared', 'core'],
    not: `${react}|${database}|${process}|${tunnel}`,
    says: 'main may import core and shared; it holds no SQL. Processes are utility processes, started through Host.spawn.',
  },
  headless: {
    may: ['shared', 'core'],
    not: `electron|${react}|${database}|${process}|${tunnel}`,
    says: 'headless may import core and shared; it holds no SQL and knows no Electron. Only headless/host.ts starts processes.',
  },
  cli: {
    may: ['shared', 'core'],
    not: `electron|${react}|${database}|${transport}|${process}|${tunnel}`,
    says: 'cli may import core and shared.',
  },
  preload: {
    may: ['shared'],
    onlyPackages: 'electron',
    says: 'preload may import electron and types of shared: it passes one port and has no method of its own.',
  },
  renderer: {
    may: ['shared'],
    not: `electron|node:.*|${process}|${database}|ws|write-file-atomic|@orpc/server.*|${tunnel}`,
    says: 'renderer may import shared. No Node, no Electron, no core, not even its types.',
  },
}

/** Features of core and renderer do not import each other; what two need moves to the places named here. */
const features: Record<string, { folders: string[]; standsOn?: Record<string, string[]>; says: string }> = {
  core: {
    folders: [
      'app',
      'profiles',
      'connections',
      'migrations',
      'staged',
      'tables',
      'users',
      'transfer',
      'cluster',
      'activity',
      'table-settings',
      'compare',
    ],
    says: 'Features do not import each other: what two need moves to core/db, to core itself, or to shared.',
  },
  renderer: {
    folders: [
      'app',
      'profiles',
      'migrations',
      'tables',
      'users',
      'connections',
      'transfer',
      'cluster',
      'activity',
      'structure',
      'compare',
    ],
    // What is done with users is done to rows of a table, through the same staged changes.
    standsOn: { users: ['tables'] },
    says: 'Features do not import each other: what two need moves to grid/, ui/ or shared/.',
  },
}

const names = Object.keys(layers)
const outside = ['migrations', 'e2e', 'bench', 'scripts', 'verify', 'out']

function forbiddenFolders(name: string, layer: Layer): string[] {
  const inside = names.filter((other) => other !== name && !layer.may.includes(other))
  const above = outside.filter((folder) => !layer.may.includes(`../${folder}`))
  return [`(^|/)\\.\\./(${inside.join('|')})(/|$)`, `^(\\.\\./)+(${above.join('|')})(/|$)`]
}

function packages(layer: Layer): string {
  // Anything that is not a relative path is a package.
  if (layer.onlyPackages) return `^(?!\\.)(?!(${layer.onlyPackages})(/|$))`
  return `^(${layer.not})(/.*)?$`
}

function patternsOf(name: string): Pattern[] {
  const layer = layers[name] as Layer
  return [...forbiddenFolders(name, layer), packages(layer)].map((regex) => ({ regex, message: layer.says }))
}

interface Pattern {
  regex: string
  message: string
}

function restrict(files: string[], patterns: Pattern[], extra: Guard[] = []): Linter.Config {
  return {
    files,
    rules: {
      'no-restricted-imports': ['error', { patterns }],
      // import() and require() are not seen by no-restricted-imports.
      'no-restricted-syntax': [
        'error',
        ...patterns.map(({ regex, message }) => ({
          selector: `ImportExpression > Literal[value=/${regex.replaceAll('/', '\\/')}/]`,
          message,
        })),
        { selector: 'CallExpression[callee.name="require"]', message: 'Use import.' },
        ...extra,
      ],
    },
  }
}

const everywhere: Guard[] = [
  { selector: 'ExportDefaultDeclaration', message: 'Use named exports: a name is the same everywhere.' },
  ...guardsFor(),
]

/** Only the transaction runner may end a transaction: knex's commit() resolves even when COMMIT failed. */
const oneRunner = [
  {
    selector: 'CallExpression[callee.property.name=/^(commit|takeForTransaction)$/]',
    message: 'Transactions are run by core/db/transaction.ts alone.',
  },
  {
    selector: 'CallExpression[callee.property.name="transaction"][callee.object.name=/knex/i]',
    message: 'Transactions are run by core/db/transaction.ts alone.',
  },
]
/** The runner, what hands COMMIT on to a connection, the same for schema work, and what tests knex itself. */
const COMMIT_CARRIERS = [
  'src/core/db/transaction.ts',
  'src/core/db/server/server-transaction.ts',
  'src/core/db/server/recorded-dialect.ts',
  'src/core/db/galera/cluster-link.ts',
  'src/core/db/sqlite/child.ts',
  'src/core/db/knex-transaction.test-setup.ts',
  'src/core/migrations/run/together.ts',
  // Sends neither BEGIN nor COMMIT: gives a step the object that stands for a transaction which is there already.
  'src/core/migrations/program/sink-knex.ts',
]
/** Schema work and runtime work are two roles. */
const twoRoles = [
  {
    selector:
      'CallExpression[callee.property.name=/^(schema|schemaLook)$/], MemberExpression[property.name="schema"][object.name=/knex/i]',
    message: 'Only core/migrations changes schema.',
  },
]

/** A tunnel forwards connections and nothing else: no command, no shell, no way back, no agent lent. */
const onlyForwards = [
  {
    selector:
      'CallExpression[callee.property.name=/^(exec|shell|subsys|sftp|forwardIn|openssh_forwardInStreamLocal)$/], Property[key.name=/^(agentForward|x11)$/]',
    message: 'On an SSH server connections are forwarded (forwardOut), and nothing else is done.',
  },
]

export const layerRules: Linter.Config[] = [
  ...names.map((name) => {
    const patterns = patternsOf(name)
    const extra = name === 'core' ? [...everywhere, ...oneRunner, ...twoRoles] : everywhere
    return restrict([`src/${name}/**/*.{ts,tsx}`], patterns, extra)
  }),
  ...Object.entries(features).flatMap(([place, { folders, standsOn, says }]) =>
    folders.map((folder) => {
      const others = folders.filter((other) => other !== folder && !standsOn?.[folder]?.includes(other)).join('|')
      const patterns = patternsOf(place)
      patterns.push({ regex: `^\\.\\./(${others})(/|$)`, message: says })
      const roles = place === 'core' ? [...oneRunner, ...(folder === 'migrations' ? [] : twoRoles)] : []
      return restrict([`src/${place}/${folder}/**/*.{ts,tsx}`], patterns, [...everywhere, ...roles])
    }),
  ),
  // The dialects have schema to read; beside the runner itself, only what hands its COMMIT on may name it.
  restrict(['src/core/db/**/*.ts'], patternsOf('core'), [...everywhere, ...oneRunner]),
  restrict(
    ['src/core/ssh/**/*.ts'],
    patternsOf('core').map(({ regex, message }) => ({ regex: regex.replace(`|${tunnel}`, ''), message })),
    [...everywhere, ...oneRunner, ...twoRoles, ...onlyForwards],
  ),
  restrict(COMMIT_CARRIERS, patternsOf('core'), everywhere),
  // Who keeps what is dangerous, and may import it.
  ...[...new Set(keepers.map(({ file }) => file))].map((file) => restrict([file], patternsOf('main'), guardsFor(file))),
  restrict([STEP_LOADER], patternsOf('core'), [
    { selector: 'ExportDefaultDeclaration', message: 'Use named exports: a name is the same everywhere.' },
    ...guardsFor(STEP_LOADER),
    ...oneRunner,
  ]),
  restrict(
    [FORKS],
    patternsOf('headless').map(({ regex, message }) => ({ regex: regex.replace(`|${process}`, ''), message })),
    everywhere,
  ),
  restrict(
    ['migrations/**/*.ts'],
    [
      {
        regex: '(^|/)src(/|$)|^(?!knex$)(?!\\.)',
        message: 'A migration may import the types of knex, and nothing else.',
      },
    ],
    everywhere,
  ),
  restrict(
    ['e2e/**/*.ts'],
    [{ regex: '(^|/)src(/|$)', message: 'e2e does what a person can do; it imports nothing of src.' }],
    noShell,
  ),
  // Tests may plant, mock and reach; they stay inside the layer's folders all the same.
  {
    files: ['src/**/*.test.{ts,tsx}', 'src/**/*.test-setup.ts'],
    rules: { 'no-restricted-imports': 'off', 'no-restricted-syntax': 'off' },
  },
]
