// What the host is told of staged edits when the link was lost meanwhile. The link is the test's own; what the host keeps is a
// real store.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { openStagedStore, type StagedPatch } from '../../core/staged/staged-store.ts'
import type { StagedTable } from '../../shared/staged.ts'
import type { Change } from '../../shared/tables.ts'

const link = vi.hoisted(() => ({
  isOpen: true,
  tell: (): void => undefined,
  write: (_: { page: string } & StagedTable): void => undefined,
  patch: (_: { page: string } & StagedPatch): boolean => false,
}))
const reach = <T>(call: () => T) => (link.isOpen ? Promise.resolve(call()) : Promise.reject(new Error('lost')))

vi.mock('../api.ts', () => ({
  api: {
    staged: {
      take: () => Promise.resolve({ tables: [], problem: null }),
      write: (input: { page: string } & StagedTable) => reach(() => link.write(input)),
      patch: (input: { page: string } & StagedPatch) => reach(() => ({ isKept: link.patch(input) })),
    },
  },
  linkState: () => ({ state: link.isOpen ? 'open' : 'lost' }),
  onLinkState: (listener: () => void) => (link.tell = listener),
}))
vi.mock('../ui/host-events.ts', () => ({ onHostEvent: () => undefined }))
vi.mock('../ui/page-id.ts', () => ({ pageId: 'here', pageBefore: null }))
vi.stubGlobal('window', { addEventListener: () => undefined })

const dataFolder = mkdtempSync(join(tmpdir(), 'roster-journal-'))
afterAll(() => rmSync(dataFolder, { recursive: true }))

it('tells the host that nothing is staged any more, though it was undone while the link was lost', async () => {
  const store = openStagedStore({ dataFolder, secrets: null, log: () => undefined }, () => true)
  link.write = ({ page, ...table }) => store.write(page, table)
  link.patch = ({ page, ...patch }) => store.patch(page, patch)
  const { startJournal, flush } = await import('./staged-journal.ts')
  const { changeStaged } = await import('./staged-edits.ts')
  const stage = (...changes: Change[]) => changeStaged('p', 't', (staged) => ({ ...staged, changes }))
  startJournal()
  link.tell()
  stage({ kind: 'insert', id: 'n1', values: {} })
  await flush()
  expect(store.count().edits).toBe(1)

  link.isOpen = false
  link.tell()
  stage()
  await flush()
  link.isOpen = true
  link.tell()
  await flush()
  expect(store.count().edits).toBe(0)
  await store.settle()
})
