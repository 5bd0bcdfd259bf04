// Starts a server of our own through a keeper, and is the hand of its starter on it.
import { fork } from 'node:child_process'
import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { nodeProgram } from '../setup.mjs'
import { runSql } from './admin.ts'
import type { Facts, Gone, Reply, Wish } from './keeper-talk.ts'
import { describeServer, type ServerKind, type ServerOptions, type TestServer } from './server.ts'

interface Channel {
  ask(wish: Wish): Promise<Facts>
  onGone(listener: (pid: number) => void): void
  close(): Promise<void>
}

function openChannel(): Channel {
  const keeper = fork(join(import.meta.dirname, 'keeper.ts'), {
    execPath: nodeProgram(),
    execArgv: [],
    // Of its own session: a Ctrl+C for the starter must leave it time to clean up.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const waiting = new Map<number, { resolve: (facts: Facts) => void; reject: (error: Error) => void }>()
  let lastId = 0
  let onGone: (pid: number) => void = () => undefined
  const idle = () => {
    keeper.unref()
    keeper.channel?.unref()
  }
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()))
  keeper.on('message', (message: Reply | Gone) => {
    if ('gone' in message) return onGone(message.gone)
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    // The starter is kept running while it waits, and by nothing else here.
    if (waiting.size === 0) idle()
    if ('error' in message) asked?.reject(new Error(message.error))
    else asked?.resolve(message.facts)
  })
  const failAll = () => {
    for (const { reject } of waiting.values()) reject(new Error('The keeper of the database server has ended.'))
    waiting.clear()
  }
  keeper.once('error', failAll)
  keeper.once('exit', failAll)
  return {
    ask: (wish) =>
      new Promise((resolve, reject) => {
        if (!keeper.connected) return reject(new Error('This database server was ended.'))
        lastId += 1
        waiting.set(lastId, { resolve, reject })
        keeper.ref()
        keeper.channel?.ref()
        keeper.send({ ...wish, id: lastId })
      }),
    onGone: (listener) => (onGone = listener),
    close: async () => {
      keeper.ref()
      if (keeper.connected) keeper.disconnect()
      await ended
    },
  }
}

/** Rejects with words when the server cannot be had or does not start; nothing is left then. */
export async function startOwn(kind: ServerKind, options: ServerOptions): Promise<TestServer> {
  const channel = openChannel()
  let facts: Facts
  try {
    facts = await channel.ask({ do: 'start', kind, options })
  } catch (error) {
    await channel.close()
    throw error
  }
  let pid = facts.pid
  channel.onGone((gone) => {
    if (pid === gone) pid = null
  })
  const { port, user, password } = facts
  const at = { kind, host: '127.0.0.1', port, user, password, database: kind === 'postgres' ? 'postgres' : user }
  const wish = async (wished: Wish) => {
    pid = (await channel.ask(wished)).pid
  }
  // The keeper removes the folder; what was in the log is still wanted by who looks into a failed test.
  let kept: string | null = null
  const log = () => kept ?? facts.logs.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('')
  const end = async () => {
    kept = log()
    pid = null
    await channel.close()
  }
  try {
    const [row] = await runSql(at, kind === 'postgres' ? 'SHOW server_version' : 'SELECT version()')
    return {
      ...at,
      ...describeServer(at),
      version: row?.[0] ?? '',
      isOwn: true,
      get pid() {
        return pid
      },
      stop: () => wish({ do: 'stop' }),
      kill: () => wish({ do: 'kill' }),
      pause: () => wish({ do: 'pause' }),
      resume: () => wish({ do: 'resume' }),
      restart: (changed = {}) => wish({ do: 'restart', changed }),
      end,
      admin: (sql, database) => runSql(database === undefined ? at : { ...at, database }, sql),
      log,
      unique: (name) => name,
      [Symbol.asyncDispose]: end,
    }
  } catch (error) {
    await end()
    throw error
  }
}
