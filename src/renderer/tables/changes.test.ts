// Staged changes against a simple model: any sequence of edits, undos and redos leaves what a person would expect.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Change, Conflict } from '../../shared/tables.ts'
import { rowIdOf } from '../grid/row-id.ts'
import * as edit from './changes.ts'
import { keepMine, takeTheirs } from './conflict-decisions.ts'
import { nothingStaged, type Staged } from './changes.ts'

const seen = (row: number, column: string): Cell => (column === 'a' ? BigInt(row) : `text ${row}`)
const everything = (row: number) => ({ a: seen(row, 'a'), b: seen(row, 'b') })
const keyOf = (row: number) => [BigInt(row)]

type Step =
  | { do: 'set'; row: number; column: string; value: Cell }
  | { do: 'delete'; row: number }
  | { do: 'drop'; row: number }
  | { do: 'insert'; row: number; value: Cell }
  | { do: 'undo' | 'redo' | 'discard' }

const row = fc.integer({ min: 0, max: 2 })
const value = fc.constantFrom<Cell>(0n, 1n, 'text 1', '', null)
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('set' as const), row, column: fc.constantFrom('a', 'b'), value }),
    },
    fc.record({ do: fc.constant('delete' as const), row }),
    fc.record({ do: fc.constant('drop' as const), row }),
    fc.record({ do: fc.constant('insert' as const), row, value }),
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const, 'discard' as const) }) },
  ),
  { maxLength: 40 },
)

/** The model: each row is what it would be after saving: null when deleted, absent when untouched. */
type Model = Readonly<Record<string, null | Readonly<Record<string, Cell>>>>

function modelStep(model: Model, step: Step): Model {
  const without = (id: string) => Object.fromEntries(Object.entries(model).filter(([name]) => name !== id))
  switch (step.do) {
    case 'set': {
      const id = rowIdOf(keyOf(step.row))
      if (model[id] === null) return model
      const values = { ...model[id], [step.column]: step.value }
      const edited = Object.entries(values).filter(([column, cell]) => cell !== seen(step.row, column))
      return edited.length > 0 ? { ...model, [id]: Object.fromEntries(edited) } : without(id)
    }
    case 'delete':
      return { ...model, [rowIdOf(keyOf(step.row))]: null }
    case 'drop':
      return without(rowIdOf(keyOf(step.row)))
    case 'insert':
      return { ...model, [`new ${step.row}`]: { ...(model[`new ${step.row}`] ?? {}), a: step.value } }
    default:
      return step.do === 'discard' ? {} : model
  }
}

function realStep(staged: Staged, step: Step): Staged {
  switch (step.do) {
    case 'set':
      return edit.setCell(staged, keyOf(step.row), step.column, seen(step.row, step.column), step.value)
    case 'delete':
      return edit.deleteRows(staged, [{ key: keyOf(step.row), original: everything(step.row) }])
    case 'drop':
      return edit.dropChanges(staged, [rowIdOf(keyOf(step.row))])
    case 'insert': {
      const id = `new ${step.row}`
      if (edit.changeById(staged, id)) return edit.setNewCell(staged, id, 'a', step.value)
      return edit.insertRow(staged, id, { a: step.value })
    }
    case 'undo':
      return edit.undo(staged)
    case 'redo':
      return edit.redo(staged)
    case 'discard':
      return edit.discardAll(staged)
  }
}

function asModel(changes: readonly Change[]): Model {
  return Object.fromEntries(changes.map((change) => [change.id, change.kind === 'delete' ? null : change.values]))
}

/** What undo would walk back through, the oldest first. */
function statesBefore(staged: Staged): Model[] {
  const states: Model[] = []
  for (let each = staged; each.past.length > 0;) {
    each = edit.undo(each)
    states.unshift(asModel(each.changes))
  }
  return states
}

const same = (a: unknown, b: unknown) => {
  try {
    expect(a).toEqual(b)
    return true
  } catch {
    return false
  }
}

test('any sequence of steps ends in what the model says, and undo walks back through every state', () => {
  fc.assert(
    fc.property(steps, (list) => {
      let staged = nothingStaged
      let past: Model[] = []
      let model: Model = {}
      let future: Model[] = []
      for (const step of list) {
        staged = realStep(staged, step)
        if (step.do === 'undo') {
          const before = past.at(-1)
          if (before) {
            past = past.slice(0, -1)
            future = [model, ...future]
            model = before
          }
        } else if (step.do === 'redo') {
          const [after, ...rest] = future
          if (after) {
            past = [...past, model]
            future = rest
            model = after
          }
        } else {
          const after = modelStep(model, step)
          if (!same(after, model)) {
            past = [...past, model]
            future = []
            model = after
          }
        }
        expect(asModel(staged.changes)).toEqual(model)
        expect(statesBefore(staged)).toEqual(past)
      }
    }),
    { numRuns: 300 },
  )
})

test('whatever is staged is guarded by what was seen, and never by its own value', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const staged = list.reduce(realStep, nothingStaged)
      for (const change of staged.changes) {
        if (change.kind === 'insert') continue
        const row = Number(change.key[0])
        for (const [column, original] of Object.entries(change.original)) expect(original).toBe(seen(row, column))
        if (change.kind === 'delete') expect(Object.keys(change.original).sort()).toEqual(['a', 'b'])
        else {
          expect(Object.keys(change.original).sort()).toEqual(Object.keys(change.values).sort())
          for (const [column, cell] of Object.entries(change.values)) expect(cell).not.toBe(change.original[column])
        }
      }
    }),
    { numRuns: 300 },
  )
})

const edits = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('set' as const),
      row,
      column: fc.constantFrom('a', 'b'),
      value,
    }),
    fc.record({ do: fc.constant('insert' as const), row, value }),
    fc.record({ do: fc.constant('set-new' as const), row, value }),
  ),
  { maxLength: 30 },
)

test('many edits at once are what they are one by one, and one step of undo', () => {
  fc.assert(
    fc.property(steps, edits, (before, list) => {
      const first = before.reduce(realStep, nothingStaged)
      const many = list.map((each): edit.Edit => {
        const id = `new ${each.row}`
        if (each.do === 'insert') return { do: 'insert', id, values: { a: each.value } }
        if (each.do === 'set-new') return { do: 'set-new', id, column: 'b', value: each.value }
        const original = seen(each.row, each.column)
        return { do: 'set', key: keyOf(each.row), column: each.column, original, value: each.value }
      })
      const all = edit.editMany(first, many)
      const each = many.reduce((staged, one) => {
        if (one.do === 'insert') return edit.insertRow(staged, one.id, one.values)
        if (one.do === 'set-new') return edit.setNewCell(staged, one.id, one.column, one.value)
        if (one.do === 'set-secret') throw new Error('None is made here.')
        return edit.setCell(staged, one.key, one.column, one.original, one.value)
      }, first)
      expect(asModel(all.changes)).toEqual(asModel(each.changes))
      if (all === first) return
      expect(all.past.length).toBe(first.past.length + 1)
      expect(edit.undo(all).changes).toEqual(first.changes)
      expect(edit.redo(edit.undo(all)).changes).toEqual(all.changes)
    }),
    { numRuns: 300 },
  )
})

test('a step beside 20,000 changes keeps what it changed and nothing of the others', () => {
  const many = Array.from({ length: 20_000 }, (_, row): edit.Edit => {
    return { do: 'set', key: [BigInt(row)], column: 'a', original: 'old', value: 'new' }
  })
  let staged = edit.editMany(nothingStaged, many)
  expect(staged.changes.length).toBe(20_000)
  for (let row = 0; row < 50; row += 1) staged = edit.setCell(staged, [BigInt(row * 7)], 'b', 'old', `new ${row}`)
  expect(staged.past.slice(1).reduce((sum, { before, after }) => sum + before.length + after.length, 0)).toBe(100)
  for (let steps = 0; steps < 51; steps += 1) staged = edit.undo(staged)
  expect(staged.changes).toEqual([])
  for (let steps = 0; steps < 51; steps += 1) staged = edit.redo(staged)
  expect(staged.changes[7]).toMatchObject({ values: { a: 'new', b: 'new 1' } })
})

test('setting a value back takes the change away, also when the row was read again in between', () => {
  let staged = edit.setCell(nothingStaged, [1n], 'a', 'first', 'mine')
  staged = edit.setCell(staged, [1n], 'a', 'read again', 'mine too')
  expect(staged.changes[0]).toMatchObject({ original: { a: 'first' }, values: { a: 'mine too' } })
  expect(edit.setCell(staged, [1n], 'a', 'read again', 'first').changes).toEqual([])
})

test('1, 1.0, "1" and its bytes are four values and four keys', () => {
  const cells: Cell[] = [1n, 1, '1', new Uint8Array([1])]
  expect(new Set(cells.map((cell) => rowIdOf([cell]))).size).toBe(4)
  for (const a of cells)
    for (const b of cells) expect(edit.setCell(nothingStaged, [0n], 'a', a, b).changes).toHaveLength(a === b ? 0 : 1)
  expect(edit.setCell(nothingStaged, [0n], 'a', new Uint8Array([1]), new Uint8Array([1])).changes).toEqual([])
})

describe('conflicts', () => {
  const update = edit.setCell(edit.setCell(nothingStaged, [1n], 'a', 'base', 'mine'), [1n], 'b', 'b0', 'b1')
  const id = rowIdOf([1n])
  const conflict = (theirs: Cell): Conflict => ({
    changeId: id,
    key: [1n],
    isGone: false,
    columns: [{ column: 'a', base: 'base', theirs, mine: 'mine' }],
  })

  test('keeping mine takes theirs as the new guard', () => {
    expect(keepMine(update, conflict('theirs')).changes[0]).toMatchObject({
      original: { a: 'theirs', b: 'b0' },
      values: { a: 'mine', b: 'b1' },
    })
  })
  test('keeping mine where both wrote the same leaves nothing to write there', () => {
    expect(keepMine(update, conflict('mine')).changes[0]).toMatchObject({
      original: { b: 'b0' },
      values: { b: 'b1' },
    })
  })
  test('taking theirs keeps my other cells of the row', () => {
    expect(takeTheirs(update, conflict('theirs')).changes).toEqual([
      { kind: 'update', id, key: [1n], original: { b: 'b0' }, values: { b: 'b1' } },
    ])
  })
  test('a row that is gone cannot be kept, only dropped', () => {
    const gone: Conflict = { changeId: id, key: [1n], isGone: true, columns: [] }
    expect(keepMine(update, gone)).toBe(update)
    expect(takeTheirs(update, gone).changes).toEqual([])
  })
  test('a delete keeps its other guards', () => {
    const marked = edit.deleteRows(nothingStaged, [{ key: [1n], original: { a: 'base', b: 'b0' } }])
    expect(keepMine(marked, conflict('theirs')).changes[0]).toMatchObject({ original: { a: 'theirs', b: 'b0' } })
    expect(takeTheirs(marked, conflict('theirs')).changes).toEqual([])
  })
})

test('what was saved is forgotten with its history; what was staged meanwhile stays', () => {
  let staged = edit.setCell(nothingStaged, [1n], 'a', 'x', 'y')
  staged = edit.insertRow(staged, 'new 1', { a: 'z' })
  staged = edit.forgetSaved(staged, [rowIdOf([1n])])
  expect(staged.changes.map((change) => change.id)).toEqual(['new 1'])
  expect(edit.undo(staged)).toBe(staged)
})

describe('a repair', () => {
  const repair = (column: string, value: Cell) => ({
    ...{ do: 'set' as const, key: keyOf(1), column, original: seen(1, column), value, isRepair: true as const },
  })
  const repairsOf = (staged: Staged) => staged.changes.map((each) => each.kind === 'update' && each.repairs)

  test('names its column for as long as it stands, beside other edits of the row', () => {
    const begun = edit.setCell(nothingStaged, keyOf(1), 'b', seen(1, 'b'), 'mine')
    const staged = edit.editMany(begun, [repair('a', 7n)])
    expect(staged.changes).toEqual([
      { kind: 'update', id: rowIdOf(keyOf(1)), key: keyOf(1), original: everything(1), values: { a: 7n, b: 'mine' }, repairs: ['a'] }, // prettier-ignore
    ])
    // Another value in its place replaces the same foreign one.
    const again = edit.setCell(staged, keyOf(1), 'a', seen(1, 'a'), 8n)
    expect(repairsOf(again)).toEqual([['a']])
    expect(edit.isRepaired(again.changes[0], 'a')).toBe(true)
    expect(edit.isRepaired(again.changes[0], 'b')).toBe(false)
    for (const back of [
      edit.dropCell(again, rowIdOf(keyOf(1)), 'a'),
      edit.setCell(again, keyOf(1), 'a', seen(1, 'a'), seen(1, 'a')),
    ]) {
      expect(repairsOf(back)).toEqual([undefined])
    }
    expect(edit.undo(staged).changes).toEqual(begun.changes)
  })

  test('of many cells is one step', () => {
    const staged = edit.editMany(nothingStaged, [repair('a', 7n), repair('b', 'x')])
    expect(repairsOf(staged)).toEqual([['a', 'b']])
    expect(edit.undo(staged).changes).toEqual([])
  })
})
