// The window's door as tests drive it, the same for the stand-in and for the real Electron.
import type { Page } from '@playwright/test'

export interface WindowFacts {
  url: string
  bounds: { x: number; y: number; width: number; height: number }
  isVisible: boolean
  isFocused: boolean
  isMaximized: boolean
  isMinimized: boolean
  zoomLevel: number
}

export interface StartOptions {
  dataFolder: string
  /** Further arguments of the command line. */
  args?: readonly string[]
  /** The working directory. */
  folder?: string
}

export interface Desktop {
  readonly kind: 'standin' | 'desktop'
  /** The window's page. After a crash, or a start anew, the window has another one: ask again. */
  page(): Promise<Page>
  window(): Promise<WindowFacts>
  setBounds(bounds: Partial<WindowFacts['bounds']>): Promise<void>
  /** What a person does to the window, or a fault to its page. */
  act(act: 'close' | 'minimize' | 'maximize' | 'unmaximize' | 'crash'): Promise<void>
  /** The next file dialog is answered with this path; null cancels it. */
  prepareOpen(path: string | null): Promise<void>
  /** The next question is answered with the button of that number. */
  prepareMessage(button: number): Promise<void>
  /** The questions asked so far. */
  messages(): Promise<{ message: string; buttons: readonly string[] }[]>
  menuIds(): Promise<string[]>
  clickMenu(id: string): Promise<void>
  /** The addresses handed to the person's browser. */
  openedOutside(): Promise<string[]>
  /** Starts the same program once more and waits until that start has ended; returns its exit code. */
  startAgain(options: StartOptions): Promise<number>
  quit(): Promise<void>
  /** The exit code, once the program has ended. */
  readonly ended: Promise<number>
  /** Ends it in order, or else the hard way. */
  stop(): Promise<void>
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
}
