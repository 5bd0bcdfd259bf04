// The split of a path loses nothing and keeps the file name.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitPath } from './split-path.ts'

test('a long path keeps its file name and the folders that fit', () => {
  expect(splitPath('/srv/data/customers/production/users/app.db', 20)).toEqual({
    head: '/srv/data/customers/production',
    tail: '/users/app.db',
  })
})

test('a short path is not cut at its root', () => {
  expect(splitPath('/app.db')).toEqual({ head: '', tail: '/app.db' })
  expect(splitPath('app.db')).toEqual({ head: '', tail: 'app.db' })
  expect(splitPath('')).toEqual({ head: '', tail: '' })
})

test('a file name longer than the tail stays whole', () => {
  const name = `${'x'.repeat(80)}.db`
  expect(splitPath(`/home/me/${name}`, 20)).toEqual({ head: '/home/me', tail: `/${name}` })
})

test('Windows paths are split at their own separator', () => {
  expect(splitPath('C:\\Users\\me\\Documents\\app.db', 12)).toEqual({
    head: 'C:\\Users\\me\\Documents',
    tail: '\\app.db',
  })
})

test('head and tail are always the whole path, and the tail ends with the file name', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !/[\\/]/.test(text))
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), fc.integer({ min: 1, max: 60 }), (names, length) => {
      const path = `/${names.join('/')}`
      const { head, tail } = splitPath(path, length)
      expect(head + tail).toBe(path)
      expect(tail.endsWith(`/${names.at(-1)!}`)).toBe(true)
      if (head) expect(tail.length <= length || tail === `/${names.at(-1)!}`).toBe(true)
    }),
  )
})
