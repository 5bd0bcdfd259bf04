// The window's door in the stand-in.
import type { Desktop, StartOptions } from './desktop.ts'
import { Standin } from './standin/client.ts'
import type { Question } from './standin/dialog.ts'

export async function startStandin(options: StartOptions): Promise<Desktop & { standin: Standin }> {
  const standin = await Standin.start(options)
  return {
    kind: 'standin',
    standin,
    page: () => standin.page(),
    async window() {
      const [window] = await standin.windows()
      if (!window) throw new Error('There is no window.')
      return window
    },
    setBounds: (bounds) => standin.ask('setBounds', bounds),
    act: (act) => standin.act(act),
    prepareOpen: (path) => standin.dialogs.prepareOpen(path),
    prepareMessage: (button) => standin.dialogs.prepareMessage(button),
    messages: () =>
      Promise.resolve(
        standin
          .recorded<Question>('dialog')
          .filter(({ kind }) => kind === 'message')
          .map(({ options: { message, buttons } }) => ({
            message: String(message),
            buttons: (buttons ?? []) as string[],
          })),
      ),
    menuIds: async () => idsOf((await standin.menu.list()) ?? []),
    clickMenu: (id) => standin.menu.click(id),
    openedOutside: () => Promise.resolve(standin.recorded<{ url: string }>('open-external').map(({ url }) => url)),
    startAgain: (again) => new Standin(again).ended,
    quit: () => standin.quit(),
    ended: standin.ended,
    stop: async () => void (await standin.stop()),
    kill: () => standin.kill(),
  }
}

interface Entry {
  id: string
  items: Entry[]
}

function idsOf(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ id, items }) => [...(id === '' ? [] : [id]), ...idsOf(items)])
}
