// A new password hash while it is staged: what is sent holds no guard for it, and every place that shows it names its scheme alone.
import { describe, expect, test } from 'vitest'
import type { Cell, ShownCell } from '../../shared/cell.ts'
import { keptHash } from '../../shared/kept-hash.ts'
import type { Column } from '../../shared/tables.ts'
import { look, newSecretWords } from '../grid/cell-show.ts'
import { cellShown, wholeCell, type GridLine } from '../grid/grid-line.ts'
import { dropCell, editMany, nothingStaged, redo, setCell, undo, type Edit } from './changes.ts'
import { keepMine } from './conflict-decisions.ts'
import { itemsOf } from './describe-change.ts'
import { storedDifferences } from './stored-differences.ts'

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: '',
  kind: 'text',
  isNullable: true,
  default: null,
  keyPosition: 0,
  isAutomatic: false,
  isGenerated: false,
  maxLength: null,
  isSecret: false,
  isIndexed: false,
  codec: null,
  encoding: null,
  ...more,
})
const password = column('password', { isSecret: true })
const description = {
  name: 'auth_user',
  dialect: 'sqlite' as const,
  kind: 'table' as const,
  columns: [column('id', { keyPosition: 1 }), column('email'), password],
  key: ['id'],
  unique: [],
  readOnly: null,
  references: [],
  notes: [],
  owner: null,
}
const NEW = keptHash('argon2id', 'an id of the host')
const LOCKED = keptHash('none', 'another id')
const secret = (value: string, id = 1n): Edit => ({ do: 'set-secret', key: [id], column: 'password', value })
const staged = editMany(nothingStaged, [secret(NEW)])

describe('staging', () => {
  test('is an update without an original, beside other cells, and one step', () => {
    expect(staged.changes).toMatchObject([{ kind: 'update', key: [1n], original: {}, values: { password: NEW } }])
    const more = setCell(staged, [1n], 'email', 'a', 'b')
    expect(more.changes[0]).toMatchObject({ original: { email: 'a' }, values: { email: 'b', password: NEW } })
    expect(Object.keys(more.changes[0]?.kind === 'update' ? more.changes[0].original : {})).toEqual(['email'])
    expect(setCell(more, [1n], 'email', 'a', 'a').changes[0]).toEqual(staged.changes[0])
    expect(redo(undo(staged)).changes).toEqual(staged.changes)
    expect(undo(staged).changes).toEqual([])
  })

  test('a later one replaces it, taking it back leaves the other cells, and a deleted row is left alone', () => {
    const again = editMany(staged, [secret(LOCKED)])
    expect(again.changes).toMatchObject([{ values: { password: LOCKED } }])
    expect(dropCell(staged, staged.changes[0]?.id ?? '', 'password').changes).toEqual([])
    const both = setCell(staged, [1n], 'email', 'a', 'b')
    const left = dropCell(both, both.changes[0]?.id ?? '', 'password').changes
    expect(left).toMatchObject([{ original: { email: 'a' }, values: { email: 'b' } }])
    expect(left[0]?.kind === 'update' && Object.keys(left[0].values)).toEqual(['email'])
    const marked = { ...nothingStaged, changes: [{ ...staged.changes[0], kind: 'delete', original: {} } as never] }
    expect(editMany(marked, [secret(NEW)])).toBe(marked)
  })

  test('what is known of a repaired column stays with it', () => {
    const repaired = {
      ...nothingStaged,
      changes: staged.changes.map((change) => ({ ...change, values: { active: 1n }, repairs: ['active'] }) as never),
    }
    expect(editMany(repaired, [secret(NEW)]).changes).toMatchObject([{ repairs: ['active'] }])
    expect(setCell(repaired, [1n], 'email', 'a', 'b').changes).toMatchObject([{ repairs: ['active'] }])
  })

  test('a conflict in another column leaves it without an original', () => {
    const more = setCell(staged, [1n], 'email', 'a', 'b')
    const id = more.changes[0]?.id ?? ''
    const columns = [{ column: 'email', base: 'a', theirs: 'c', mine: 'b' }]
    const { changes } = keepMine(more, { changeId: id, key: [1n], isGone: false, columns })
    expect(changes).toStrictEqual([
      { kind: 'update', id, key: [1n], original: { email: 'c' }, values: { email: 'b', password: NEW } },
    ])
  })
})

describe('what is shown', () => {
  const line = (value: Cell): GridLine => ({
    id: '["i1"]',
    row: { id: '["i1"]', key: [1n], cells: [1n, 'a', { secret: 'bcrypt' }], cut: new Map() },
    change: { kind: 'update', id: '["i1"]', key: [1n], original: {}, values: { password: value } },
  })
  const shown = (value: Cell): ShownCell | undefined => cellShown(line(value), password, 2)?.cell

  test('is the scheme, or NULL, and never the text', () => {
    expect(shown(NEW)).toEqual({ secret: 'argon2id (new)' })
    expect(look(shown(NEW) ?? null).text).toBe('•••••• argon2id (new)')
    expect(shown(LOCKED)).toBeNull()
    expect(shown('anything else')).toEqual({ secret: 'unknown (new)' })
    expect(wholeCell(line(NEW), password, 2)).toBe('secret')
    for (const value of [NEW, LOCKED]) expect(newSecretWords(shown(value))).not.toContain('roster:')
  })

  test('in lists of changes too', () => {
    const insert = { kind: 'insert' as const, id: 'new', values: { email: 'x', password: NEW } }
    const items = itemsOf([...staged.changes, insert], description)
    expect(items.map(({ cell, row }) => cell ?? row)).toEqual([
      { old: '••••••', new: '•••••• argon2id (new)' },
      'email “x”, password •••••• argon2id (new)',
    ])
  })

  test('what the database made of it is no difference', () => {
    const change = { kind: 'update' as const, id: 'x', key: [1n], original: {}, values: { password: LOCKED } }
    const answer = { columns: ['id', 'email', 'password'], rows: [{ key: [1n], cells: [1n, 'a', null] }] }
    expect(storedDifferences(description, [change], answer)).toEqual([])
  })
})
