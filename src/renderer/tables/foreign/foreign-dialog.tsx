// Rows in a foreign encoding: what they hold, what the application makes of it, and their repair with one button.
import { Button, Modal, Progress } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { ForeignGroup } from '../../../shared/foreign-rows.ts'
import { MOST_CHANGES, type TableDescription } from '../../../shared/tables.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { count, plural } from '../../ui/wording.ts'
import { useSlot } from '../selection/slot.ts'
import type { TableModel } from '../table-model.ts'
import screen from '../table-screen.module.css'
import {
  closeForeignReport,
  foreignReports,
  foreignRuns,
  runForeign,
  stopForeign,
  type ForeignRun,
} from './foreign-runs.ts'
import { ForeignGroupChoice } from './foreign-group.tsx'
import { showForeign } from './show-foreign.ts'
import { groupKey, stageRepairs, type RepairTo } from './stage-repairs.ts'
import css from './foreign.module.css'

interface ForeignDialogProps {
  model: TableModel
  description: TableDescription
}

export function ForeignDialog({ model, description }: ForeignDialogProps) {
  const run = useSlot(foreignRuns, model)
  const isOpen = useSlot(foreignReports, model) !== null
  // Also when a person has chosen how a column is written: what is foreign is another thing then.
  const { columns } = description
  useEffect(() => {
    if (isOpen) void runForeign(model)
  }, [model, isOpen, columns])
  // How a column is written is chosen in a dialog of its own, which comes before this one.
  if (!isOpen || !run || model.state.encodingOf !== null) return null
  return <Report model={model} description={description} run={run} />
}

/** Null leaves the group as it is. */
type Choices = ReadonlyMap<string, RepairTo | null>

function Report({ model, description, run }: ForeignDialogProps & { run: ForeignRun }) {
  useReturnFocus()
  const [choices, setChoices] = useState<Choices>(new Map())
  const close = () => closeForeignReport(model)
  const { found, phase } = run
  const groups = found?.groups ?? []
  const canWrite = description.readOnly === null && description.key.length > 0
  const chosenOf = (group: ForeignGroup): RepairTo | null => {
    const chosen = choices.get(groupKey(group))
    return chosen === undefined ? safest(group) : chosen
  }
  const chosen = new Map(
    groups.flatMap((group) => {
      const to = chosenOf(group)
      return to === null ? [] : [[groupKey(group), to] as const]
    }),
  )
  const rows = groups.reduce((sum, group) => sum + (chosen.has(groupKey(group)) ? group.rows : 0), 0)
  const stage = async () => {
    if (await stageRepairs(model, groups, chosen)) close()
  }
  return (
    <Modal opened size={820} title={`Rows in a foreign encoding: ${model.table}`} onClose={close}>
      <p className={screen.dialogNote} role="status">
        {phaseInWords(run)}
        {phase === 'running' && (
          <Button ml={8} size="compact-xs" onClick={() => stopForeign(model)}>
            Cancel
          </Button>
        )}
      </p>
      {phase === 'running' && found?.of != null && (
        <Progress
          mb={8}
          size="xs"
          aria-label="Rows that were looked at"
          value={(Math.min(found.read, found.of) / Math.max(1, found.of)) * 100}
          transitionDuration={0}
        />
      )}
      {found?.undecided.map((name) => (
        <p key={name} className={css.undecided}>
          {name} is written in several ways, so none of its values can be told to be foreign.
          <Button size="compact-xs" variant="subtle" onClick={() => model.set({ encodingOf: name })}>
            Choose how {name} is written…
          </Button>
        </p>
      ))}
      <div className={css.groups}>
        {groups.map((group) => (
          <ForeignGroupChoice
            key={groupKey(group)}
            group={group}
            chosen={chosenOf(group)}
            isOff={!canWrite}
            onChoose={(to) => setChoices((before) => new Map(before).set(groupKey(group), to))}
            onShow={() => {
              close()
              showForeign(model, description, group)
            }}
          />
        ))}
      </div>
      {!canWrite && (
        <p className={screen.dialogNote}>{description.readOnly ?? 'Rows without a key cannot be named.'}</p>
      )}
      <div className={screen.buttons}>
        <Button onClick={() => void runForeign(model)} disabled={phase === 'running'}>
          Look again
        </Button>
        <Button data-autofocus onClick={close}>
          Close
        </Button>
        <Button variant="filled" disabled={phase === 'running' || rows === 0 || !canWrite} onClick={() => void stage()}>
          {rows > MOST_CHANGES ? `Stage the first ${count(MOST_CHANGES)} repairs` : `Stage ${plural(rows, 'repair')}`}
        </Button>
      </div>
    </Modal>
  )
}

/** The first repair, where it loses nothing; what is written is otherwise taken away by a person's word alone. */
function safest({ repairs: [first] }: ForeignGroup): RepairTo | null {
  return first && first.loses === null && first.to !== 'null' ? first.to : null
}

function phaseInWords({ phase, found, problem }: ForeignRun): string {
  const { rows = 0, read = 0, of = null } = found ?? {}
  const total = of === null || of < read ? '' : ` of about ${count(of)}`
  const foreign = rows > 0 ? `${plural(rows, 'row')} ${rows === 1 ? 'holds' : 'hold'} a value` : 'No row holds a value'
  if (phase === 'failed')
    return `${problem ?? ''}${rows > 0 ? ` ${foreign} that is foreign, as far as was looked.` : ''}`
  if (phase === 'running')
    return `Looked at ${plural(read, 'row')}${total}; ${count(rows)} with a foreign value so far.`
  if (phase === 'stopped')
    return `Stopped after ${plural(read, 'row')}${total}: ${count(rows)} with a foreign value until then.`
  if (rows > 0) return `${foreign} that the column’s owner would not have written.`
  return found?.undecided.length
    ? 'In the other columns every value is as their owner writes it.'
    : 'Every value is as the column’s owner writes it.'
}
