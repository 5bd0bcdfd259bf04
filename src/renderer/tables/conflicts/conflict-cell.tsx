// One cell of a conflict, three ways: what was seen, what is stored, what I want; and a value of its own.
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Cell } from '../../../shared/cell.ts'
import type { Column, Conflict, TableDescription } from '../../../shared/tables.ts'
import { copyText } from '../../grid/cell-show.ts'
import { parseCell } from '../../grid/cell-text.ts'
import type { CellDecision } from '../conflict-decisions.ts'
import { cellInWords, rowInWords } from '../describe-change.ts'
import { chooseCell, choiceOf, type Choices } from './conflict-choices.ts'
import css from './conflicts.module.css'

interface ConflictCellProps {
  description: TableDescription
  conflict: Conflict
  name: string
  choices: Choices
  onChoose: (choices: Choices) => void
}

export function ConflictCell({ description, conflict, name, choices, onChoose }: ConflictCellProps) {
  const column = description.columns.find((each) => each.name === name)
  const cell = conflict.columns.find((each) => each.column === name)
  const [isEditing, setEditing] = useState(choiceOf(choices, conflict, name)?.take === 'edit')
  if (!cell) return null
  const { base, theirs, mine } = cell
  const choice = choiceOf(choices, conflict, name)
  const where = `${name} of ${rowInWords(description.key, conflict.key)}`
  const words = (value: Cell) => cellInWords(value, column)
  const choose = (decision: CellDecision | undefined) => onChoose(chooseCell(choices, conflict, name, decision))
  const button = (text: string, take: CellDecision['take'], act: () => void) => (
    <Button className={css.choice} aria-pressed={choice?.take === take} aria-label={`${text}: ${where}`} onClick={act}>
      {text}
    </Button>
  )
  return (
    <div className={css.cell} role="group" aria-label={`${where}: seen ${words(base)}, stored ${words(theirs)}`}>
      <span className={css.name}>{name}</span>
      <span title={words(base)}>{words(base)}</span>
      <span data-taken={choice?.take === 'theirs' || undefined} title={words(theirs)}>
        {words(theirs)}
      </span>
      {isEditing && column && mine !== undefined ? (
        <Editor
          column={column}
          where={where}
          begin={choice?.take === 'edit' ? choice.value : mine}
          present={theirs}
          dialect={description.dialect}
          onValue={(value) => choose(value === undefined ? undefined : { take: 'edit', value })}
        />
      ) : (
        <span data-taken={choice?.take === 'mine' || undefined} title={mine === undefined ? '' : words(mine)}>
          {mine === undefined ? 'delete the row' : words(mine)}
        </span>
      )}
      {mine !== undefined && (
        <span className={css.choices}>
          {button('Mine', 'mine', () => {
            setEditing(false)
            choose({ take: 'mine' })
          })}
          {button('Theirs', 'theirs', () => {
            setEditing(false)
            choose({ take: 'theirs' })
          })}
          {column &&
            !column.isSecret &&
            button('Edit', 'edit', () => {
              setEditing(true)
              choose({ take: 'edit', value: mine })
            })}
        </span>
      )}
    </div>
  )
}

interface EditorProps {
  column: Column
  where: string
  begin: Cell
  present: Cell
  dialect: TableDescription['dialect']
  /** Undefined for a text that is no value of the column. */
  onValue: (value: Cell | undefined) => void
}

function Editor({ column, where, begin, present, dialect, onValue }: EditorProps) {
  const [text, setText] = useState(copyText(begin) ?? '')
  const [isNull, setNull] = useState(begin === null)
  const parsed = parseCell(text, column, { present, dialect })
  const error = !isNull && 'error' in parsed ? parsed.error : null
  const type = (typed: string) => {
    setText(typed)
    setNull(false)
    const next = parseCell(typed, column, { present, dialect })
    onValue('error' in next ? undefined : next.value)
  }
  return (
    <span className={css.editor}>
      <TextInput
        className={css.field}
        aria-label={`New value: ${where}`}
        autoFocus
        value={isNull ? '' : text}
        placeholder={isNull ? 'NULL' : ''}
        error={error !== null}
        title={error ?? undefined}
        onChange={({ currentTarget }) => type(currentTarget.value)}
      />
      {column.isNullable && (
        <Button
          className={css.choice}
          aria-pressed={isNull}
          aria-label={`NULL: ${where}`}
          onClick={() => {
            setNull(!isNull)
            if (isNull) type(text)
            else onValue(null)
          }}
        >
          NULL
        </Button>
      )}
      {error !== null && (
        <span role="alert" className={css.error} title={error}>
          {error}
        </span>
      )}
    </span>
  )
}
