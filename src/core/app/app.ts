// The program itself: which door it is, and choosing a file.
import { availableParallelism } from 'node:os'
import type { AppEvent } from '../../shared/app.ts'
import { streamEvents } from '../event-queue.ts'
import { api } from '../implement.ts'
import { Refusal } from '../refusal.ts'
import { listFolder } from './list-folder.ts'
import { agreeToPlainSecrets, secretStorage } from './secret-storage.ts'

export const appRouter = {
  about: api.app.about.handler(({ context }) => {
    const { version, kind, dataFolder, logFile } = context.core.host
    return { version, host: kind, dataFolder, logFile, cores: availableParallelism() }
  }),

  pickFile: api.app.pickFile.handler(async ({ context }) => {
    const { host, files } = context.core
    if (host.fileRoots !== null)
      throw new Refusal('NO_DIALOG', 'There is no file dialog here; files are listed instead.')
    const path = await host.pickPath('Open a SQLite file')
    if (path !== null) files.remember(path)
    return { path }
  }),

  listFolder: api.app.listFolder.handler(({ context, input }) =>
    listFolder(context.core.host, context.core.files, input.path, context.signal),
  ),

  secretStorage: api.app.secretStorage.handler(({ context }) => secretStorage(context.core.host)),

  agreeToPlainSecrets: api.app.agreeToPlainSecrets.handler(({ context, input }) =>
    agreeToPlainSecrets(context.core.host, input.isAgreed),
  ),

  events: api.app.events.handler(({ context, input }) =>
    streamEvents<AppEvent>(context.signal, async (push, signal) => {
      const detach = context.core.pages.attach(input.page, push)
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true })
        if (signal.aborted) resolve(undefined)
      })
      detach()
    }),
  ),

  readyToQuit: api.app.readyToQuit.handler(({ context, input }) => {
    context.core.pages.readyToQuit(input.page, input.question)
    return {}
  }),
}
