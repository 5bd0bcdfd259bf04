// Starts Roster for a browser: core, and the loopback server in front of it.
import { createCore } from '../core/core.ts'
import type { Log } from '../core/log.ts'
import type { Context } from '../core/implement.ts'
import { router } from '../core/router.ts'
import { createServing } from '../core/serving.ts'
import { createHeadlessHost } from './host.ts'
import { listen } from './listen.ts'

export interface StartOptions {
  /** 0 takes a free one. */
  port: number
  dataFolder: string
  /** Further folders that files may be chosen from. */
  roots: readonly string[]
  version: string
  /** The built page. */
  rendererFolder: string
}

export interface Headless {
  /** `http://127.0.0.1:PORT`, which opens nothing without a token. */
  url: string
  /** An address that opens Roster once, within 10 minutes. */
  freshLink(): string
  /** Ends connections and child processes; within 3 s, whatever they are doing. */
  close(): Promise<void>
  /** Ends the child processes at once, without asking. */
  endNow(): void
}

/** Milliseconds for core to end its work in order. */
const PATIENCE = 2_500

export async function startHeadless({
  port,
  dataFolder,
  roots,
  version,
  rendererFolder,
}: StartOptions): Promise<Headless> {
  const host = createHeadlessHost({ version, dataFolder, roots })
  const core = await createCore(host)
  const log: Log = (level, message, detail) => host.log(level, message, detail)
  const serving = createServing<Context>(router, log)
  const closeCore = async () => {
    await Promise.race([core.close(), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    host.endChildren()
  }
  try {
    const listening = await listen({
      port,
      rendererFolder,
      log,
      serve: (line) => serving.serve(line, { core }),
    })
    host.log('info', `Roster ${version} listens on ${listening.url}`)
    return {
      url: listening.url,
      freshLink: () => listening.freshLink(),
      async close() {
        await Promise.all([listening.close(), closeCore()])
        host.log('info', 'Roster was closed')
      },
      endNow: () => host.endChildren(),
    }
  } catch (error) {
    await closeCore()
    throw error
  }
}
