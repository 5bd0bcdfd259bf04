// Rows in a foreign encoding: what they hold, what the application makes of it, and their repair with one button.
import { Button, Modal, Radio } from '@mantine/core'
import { useEffect, useState } from 'react'
import { where } from '../../../shared/filters.ts'
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
          <Group
            key={groupKey(group)}
            group={group}
            chosen={chosenOf(group)}
            isOff={!canWrite}
            onChoose={(to) => setChoices((before) => new Map(before).set(groupKey(group), to))}
            onShow={() => {
              const codec = description.columns.find(({ name }) => name === group.column)?.codec
              if (!codec) return
              close()
              model.changeView({ filter: where(group.column, { test: 'foreign', to: codec }) })
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
  const rows = plural(found?.read ?? 0, 'row')
  if (phase === 'failed') return problem ?? ''
  if (phase === 'running') return `Looking through the table… ${rows} found so far.`
  if (phase === 'stopped') return `Stopped: ${rows} found until then; there may be more.`
  if ((found?.read ?? 0) > 0) return `${rows} hold a value that the column’s owner would not have written.`
  return 'Every value is as the column’s owner writes it.'
}

interface GroupProps {
  group: ForeignGroup
  chosen: RepairTo | null
  isOff: boolean
  onChoose: (to: RepairTo | null) => void
  onShow: () => void
}

const LEAVE = 'leave'

function Group({ group, chosen, isOff, onChoose, onShow }: GroupProps) {
  const name = `${group.column}: ${group.words}`
  return (
    <section className={css.group} aria-label={name}>
      <div className={css.head}>
        <h3 className={css.name}>
          <b>{group.column}</b> holds {group.words}
        </h3>
        <span className={css.rows}>{plural(group.rows, 'row')}</span>
        <Button size="compact-xs" variant="subtle" onClick={onShow}>
          Show rows
        </Button>
      </div>
      <p className={css.reads}>{`${group.readAs.charAt(0).toUpperCase()}${group.readAs.slice(1)}.`}</p>
      {group.note !== null && <p className={css.reads}>{group.note}</p>}
      {group.repairs.length > 0 && (
        <Radio.Group
          aria-label={`Repair of ${name}`}
          value={chosen ?? LEAVE}
          onChange={(to) => onChoose(to === LEAVE ? null : to)}
        >
          {group.repairs.map(({ to, words, loses }) => (
            <Radio
              key={to}
              mt={4}
              size="xs"
              value={to}
              disabled={isOff}
              label={`Write ${words}${loses === null ? '' : `; ${loses} is lost`}`}
            />
          ))}
          <Radio mt={4} size="xs" value={LEAVE} disabled={isOff} label="Leave it as it is" />
        </Radio.Group>
      )}
    </section>
  )
}
