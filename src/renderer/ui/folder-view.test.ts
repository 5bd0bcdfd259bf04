// Hidden names, breadcrumb and typing in the file picker.
import { expect, test } from 'vitest'
import type { FolderEntry } from '../../shared/app.ts'
import { crumbs, shownEntries, typeAhead } from './folder-view.ts'

const entry = (name: string, kind: 'folder' | 'file' = 'file'): FolderEntry => ({
  name,
  path: `/home/me/${name}`,
  kind,
  size: 0,
  modifiedAt: 0,
  isSqlite: false,
})
const names = (entries: readonly FolderEntry[]) => entries.map(({ name }) => name)

test('hidden names are shown only when asked for', () => {
  const entries = [entry('app', 'folder'), entry('a.db'), entry('.ssh', 'folder')]
  expect(names(shownEntries(entries, false))).toEqual(['app', 'a.db'])
  expect(names(shownEntries(entries, true))).toEqual(['app', 'a.db', '.ssh'])
})

test('the breadcrumb begins at the nearest root', () => {
  const roots = [
    { name: 'Home', path: '/home/me' },
    { name: 'Data', path: '/home/me/data' },
  ]
  expect(crumbs({ path: '/home/me/data/2026/app', roots })).toEqual([
    { name: 'Data', path: '/home/me/data' },
    { name: '2026', path: '/home/me/data/2026' },
    { name: 'app', path: '/home/me/data/2026/app' },
  ])
  expect(crumbs({ path: '/home/me', roots })).toEqual([{ name: 'Home', path: '/home/me' }])
  expect(crumbs({ path: '/home/melanie', roots })).toEqual([{ name: '/home/melanie', path: '/home/melanie' }])
  expect(crumbs({ path: '/srv/x', roots: [{ name: 'Root', path: '/' }] }).map(({ path }) => path)).toEqual([
    '/',
    '/srv',
    '/srv/x',
  ])
  expect(crumbs({ path: 'C:\\Users\\me', roots: [{ name: 'C', path: 'C:\\' }] }).at(-1)).toEqual({
    name: 'me',
    path: 'C:\\Users\\me',
  })
})

test('typing leads to the next name that begins so', () => {
  const entries = [entry('alpha'), entry('beta'), entry('Bravo'), entry('gamma')]
  expect(typeAhead(entries, -1, 'b')).toBe(1)
  expect(typeAhead(entries, 1, 'bb')).toBe(2)
  expect(typeAhead(entries, 2, 'b')).toBe(1)
  expect(typeAhead(entries, 1, 'br')).toBe(2)
  expect(typeAhead(entries, 2, 'bra')).toBe(2)
  expect(typeAhead(entries, 0, 'x')).toBe(-1)
  expect(typeAhead([], -1, 'a')).toBe(-1)
})
