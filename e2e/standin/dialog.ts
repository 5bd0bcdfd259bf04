// dialog: every question waits for the test's answer, as a real one waits for a person.
import type Electron from 'electron'
import { checkOptions, modelled, NotModelled } from './not-modelled.ts'
import { record } from './record.ts'

export type DialogKind = 'open' | 'save' | 'message'
export interface Question {
  id: number
  kind: DialogKind
  options: Record<string, unknown>
}

/** Answers that a test gave before it was asked, oldest first. */
const prepared: Record<DialogKind, unknown[]> = { open: [], save: [], message: [] }
const open = new Map<number, { question: Question; resolve(answer: unknown): void }>()
let asked = 0

const FILE_OPTIONS = ['title', 'defaultPath', 'buttonLabel', 'filters', 'properties', 'message']
const MESSAGE_OPTIONS = [
  ...['message', 'type', 'buttons', 'defaultId', 'title', 'detail', 'checkboxLabel', 'checkboxChecked', 'cancelId'],
  ...['noLink', 'normalizeAccessKeys', 'signal'],
]

function ask<T>(kind: DialogKind, known: readonly string[], args: unknown[]): Promise<T> {
  const options = (args.length > 1 ? args[1] : args[0]) as Record<string, unknown>
  checkOptions(`dialog (${kind})`, options, known)
  const { signal, ...plain } = options
  const question = { id: ++asked, kind, options: structuredClone(plain) }
  record('dialog', question)
  if (prepared[kind].length > 0) return Promise.resolve(prepared[kind].shift() as T)
  return new Promise((resolve) => {
    open.set(question.id, { question, resolve: (answer) => resolve(answer as T) })
    // "the message box will behave as if it was cancelled by the user" (electron.d.ts, MessageBoxOptions.signal)
    const cancelled = { response: (plain.cancelId as number | undefined) ?? 0, checkboxChecked: false }
    if (signal instanceof AbortSignal) {
      signal.addEventListener('abort', () => open.has(question.id) && questions.answer(question.id, cancelled))
    }
  })
}

export const questions = {
  prepare: (kind: DialogKind, answer: unknown) => void prepared[kind].push(answer),
  open: () => [...open.values()].map(({ question }) => question),
  answer(id: number, answer: unknown): void {
    const found = open.get(id)
    if (!found) throw new Error(`No dialog ${id} is open.`)
    open.delete(id)
    found.resolve(answer)
  },
}

/** electron.d.ts, interface Dialog. */
export const dialog = modelled('dialog', {
  showOpenDialog: (...args: unknown[]) => ask<Electron.OpenDialogReturnValue>('open', FILE_OPTIONS, args),
  showSaveDialog: (...args: unknown[]) => ask<Electron.SaveDialogReturnValue>('save', FILE_OPTIONS, args),
  showMessageBox: (...args: unknown[]) => ask<Electron.MessageBoxReturnValue>('message', MESSAGE_OPTIONS, args),
  showMessageBoxSync(...args: unknown[]) {
    const options = (args.length > 1 ? args[1] : args[0]) as Record<string, unknown>
    checkOptions('dialog (message)', options, MESSAGE_OPTIONS)
    record('dialog', { id: ++asked, kind: 'message', options })
    const answer = prepared.message.shift() as Electron.MessageBoxReturnValue | undefined
    if (!answer) throw new NotModelled('a synchronous message box without an answer prepared')
    return answer.response
  },
  showErrorBox: (title: string, content: string) => record('error-box', { title, content }),
} satisfies Pick<
  Electron.Dialog,
  'showOpenDialog' | 'showSaveDialog' | 'showMessageBox' | 'showMessageBoxSync' | 'showErrorBox'
>)
