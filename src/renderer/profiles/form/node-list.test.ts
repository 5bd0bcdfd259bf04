// Nodes as people write them.
import { expect, test } from 'vitest'
import { placeText } from '../../../shared/reaching.ts'
import { nodesIn, placeIn } from './node-list.ts'

test('a pasted list is taken apart at commas, semicolons and white space', () => {
  expect(nodesIn('db1,db2:3307,db3')).toEqual(['db1', 'db2:3307', 'db3'])
  expect(nodesIn(' db1; db2\n[fd00::1]:3306 ')).toEqual(['db1', 'db2', '[fd00::1]:3306'])
  expect(nodesIn(' ')).toEqual([])
})

test.each([
  ['db2', 'db2:3306'],
  ['db2:3307', 'db2:3307'],
  [' 10.0.0.2:1 ', '10.0.0.2:1'],
  ['fd00::2', '[fd00::2]:3306'],
  ['[fd00::2]', '[fd00::2]:3306'],
  ['[fd00::2]:65535', '[fd00::2]:65535'],
])('%s is %s', (text, place) => {
  const found = placeIn(text, 3306)
  expect(found && placeText(found)).toBe(place)
})

test.each(['', 'db2:', 'db2:0', 'db2:65536', 'db2:x', 'app@db2', 'mysql://db2', 'db 2', '[fd00::2', 'db2:99999999'])(
  '“%s” is no node',
  (text) => expect(placeIn(text, 3306)).toBeNull(),
)
