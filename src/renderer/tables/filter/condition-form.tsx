// Puts one condition together: a column, a test that fits it, and values as they are typed into a cell.
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { where, type Condition } from '../../../shared/filters.ts'
import type { Column, TableDescription } from '../../../shared/tables.ts'
import {
  fieldsOf,
  offeredFor,
  parseTyped,
  plainTyped,
  testLabel,
  testsOf,
  typedOf,
  type TestKind,
  type Typed,
} from './column-tests.ts'
import css from './filter.module.css'

/** The choice that asks any column of text; no column has this name. */
const ANY_TEXT = '\0'

interface ConditionFormProps {
  description: TableDescription
  /** The condition that is edited; null for a new one. */
  condition: Condition | null
  /** The column that a new one begins with. */
  column: string | null
  onApply: (condition: Condition) => void
  onCancel: () => void
}

export function ConditionForm({ description, condition, column: begin, onApply, onCancel }: ConditionFormProps) {
  const asked = description.columns
  const columnOf = (name: string) => asked.find((each) => each.name === name) ?? null
  const [name, setName] = useState(() =>
    condition ? (condition.column ?? ANY_TEXT) : (columnOf(begin ?? '')?.name ?? ANY_TEXT),
  )
  const [isNot, setNot] = useState(condition?.isNot ?? false)
  const [typed, setTyped] = useState(() => beginOf(columnOf(name), condition))
  const [problem, setProblem] = useState<{ error: string; field: 'first' | 'second' } | null>(null)
  const column = columnOf(name)
  const change = (patch: Partial<Typed>) => {
    setTyped({ ...typed, ...patch })
    setProblem(null)
  }
  const choose = (chosen: string) => {
    const next = columnOf(chosen)
    const tests = testsOf(next)
    setName(chosen)
    change({ kind: tests.includes(typed.kind) ? typed.kind : (tests[0] as TestKind) })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    const parsed = parseTyped(typed, column, description.dialect)
    if ('error' in parsed) return setProblem(parsed)
    onApply(where(column?.name ?? null, parsed.value, isNot))
  }
  const tests = testsOf(column)
  const kinds = tests.includes(typed.kind) ? tests : [...tests, typed.kind]
  return (
    <form className={css.form} onSubmit={submit} aria-label={condition ? 'Edit condition' : 'New condition'}>
      <div className={css.formRow}>
        <NativeSelect
          aria-label="Column"
          data-autofocus={begin === null || undefined}
          data={[
            { value: ANY_TEXT, label: 'any text' },
            ...asked.map((each) => ({ value: each.name, label: each.name })),
          ]}
          value={name}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
        <NativeSelect
          aria-label="Test"
          data={kinds.map((kind) => ({ value: kind, label: testLabel(kind, column) }))}
          value={typed.kind}
          onChange={({ currentTarget }) => change({ kind: currentTarget.value as TestKind })}
        />
      </div>
      <Values typed={typed} column={column} problem={problem} onChange={change} />
      <div className={css.formEnd}>
        <Checkbox
          size="xs"
          label="Not: all other rows"
          checked={isNot}
          onChange={({ currentTarget }) => setNot(currentTarget.checked)}
        />
        <span className={css.space} />
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="filled">
          {condition ? 'Change' : 'Add'}
        </Button>
      </div>
    </form>
  )
}

function beginOf(column: Column | null, condition: Condition | null): Typed {
  const typed = condition && typedOf(condition.test, column)
  return typed ?? { ...plainTyped, kind: testsOf(column)[0] as TestKind }
}

interface ValuesProps {
  typed: Typed
  column: Column | null
  problem: { error: string; field: 'first' | 'second' } | null
  onChange: (patch: Partial<Typed>) => void
}

function Values({ typed, column, problem, onChange }: ValuesProps) {
  const fields = fieldsOf(typed.kind)
  const error = (field: 'first' | 'second') => (problem?.field === field ? problem.error : null)
  const choices = offeredFor(typed.kind, column)
  if (fields === 'none') return null
  if (choices.length > 0) {
    return (
      <NativeSelect
        aria-label="Value"
        data={[{ value: '', label: '' }, ...choices]}
        value={typed.first}
        error={error('first')}
        onChange={({ currentTarget }) => onChange({ first: currentTarget.value })}
      />
    )
  }
  if (fields === 'lines') {
    return (
      <>
        <Textarea
          aria-label="Values, one on each line"
          placeholder="One value on each line"
          data-autofocus
          autosize
          minRows={3}
          maxRows={10}
          spellCheck={false}
          value={typed.first}
          error={error('first')}
          onChange={({ currentTarget }) => onChange({ first: currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
          }}
        />
        {column?.isNullable && (
          <Checkbox
            size="xs"
            label="or NULL"
            checked={typed.hasNull}
            onChange={({ currentTarget }) => onChange({ hasNull: currentTarget.checked })}
          />
        )}
      </>
    )
  }
  return (
    <div className={css.formRow}>
      <TextInput
        className={css.grow ?? ''}
        aria-label={fields === 'two' ? 'From' : 'Value'}
        placeholder={fields === 'two' ? 'From' : 'Value'}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={typed.first}
        error={error('first')}
        onChange={({ currentTarget }) => onChange({ first: currentTarget.value })}
      />
      {fields === 'two' && (
        <TextInput
          className={css.grow ?? ''}
          aria-label="To"
          placeholder="To"
          autoComplete="off"
          spellCheck={false}
          value={typed.second}
          error={error('second')}
          onChange={({ currentTarget }) => onChange({ second: currentTarget.value })}
        />
      )}
    </div>
  )
}
