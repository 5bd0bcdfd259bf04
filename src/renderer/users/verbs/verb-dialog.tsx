// What a verb will touch, before it is staged: rows, columns and their values, the owner, the SQL of the first rows.
import { Button, Checkbox, Modal } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Cell } from '../../../shared/cell.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { storedWords } from '../../grid/cell-show.ts'
import { editMany, nothingStaged, type Edit } from '../../tables/changes.ts'
import { cellInWords } from '../../tables/describe-change.ts'
import { useSlot } from '../../tables/selection/slot.ts'
import { stageEdits } from '../../tables/selection/stage-block.ts'
import { cellRefusal } from '../../tables/table-edits.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { count, plural } from '../../ui/wording.ts'
import { chanceNow } from './chance.ts'
import { ExampleSql } from './example-sql.tsx'
import { verbJobs, type VerbJob } from './open-verbs.ts'
import { RefusedRows } from './refused-rows.tsx'
import { planVerb, type VerbPlan } from './verb-plan.ts'
import { doneInWords, MEANINGS, titleOf } from './verb-words.ts'
import css from './verbs.module.css'

/** Rows whose SQL is shown. */
const EXAMPLES = 3

interface VerbDialogProps {
  model: TableModel
  description: TableDescription
}

export function VerbDialog({ model, description }: VerbDialogProps) {
  const job = useSlot(verbJobs, model)
  return job ? <Preview model={model} description={description} job={job} /> : null
}

function Preview({ model, description, job }: VerbDialogProps & { job: VerbJob }) {
  useReturnFocus()
  const { doing, users } = job
  const { verb } = doing
  const [isSignedOut, setSignedOut] = useState(job.isSignedOut)
  const plan = useMemo(() => {
    const refusal = (...of: [Parameters<typeof cellRefusal>[1], Parameters<typeof cellRefusal>[2]]) =>
      cellRefusal(model, ...of)
    return planVerb(doing, isSignedOut, { ...users, description, refusal }, users.lines, chanceNow())
  }, [model, description, doing, users, isSignedOut])
  const examples = useMemo(() => editMany(nothingStaged, firstRows(plan.edits)).changes, [plan])
  const close = () => verbJobs.set(model, null)
  const stage = () => {
    close()
    stageEdits(model, plan.edits, doneInWords(verb, plan, isSignedOut))
  }
  const canSignOut = description.owner?.user?.uniquifier != null && ['deactivate', 'lock', 'password'].includes(verb)
  return (
    <Modal opened size={680} title={titleOf(verb, users.lines.length)} onClose={close}>
      <p className={css.lead}>
        In {model.table}, {ownerInWords(description)}: {MEANINGS[verb]}.
      </p>
      <Touched description={description} plan={plan} />
      <Undecided description={description} users={users} verb={verb} />
      {canSignOut && (
        <Checkbox
          className={css.also}
          label="And sign out everywhere"
          description="A new fs_uniquifier for each of these rows ends their sessions and tokens."
          checked={isSignedOut}
          onChange={({ currentTarget }) => setSignedOut(currentTarget.checked)}
        />
      )}
      <RefusedRows description={description} refused={plan.refused} />
      {examples.length > 0 && (
        <ExampleSql
          model={model}
          changes={examples}
          label={
            plan.rows > examples.length
              ? `SQL of the first ${plural(examples.length, 'row')} of ${count(plan.rows)}`
              : 'SQL'
          }
        />
      )}
      <p className={css.note}>Nothing is saved yet: the rows are staged as one step, which Undo takes back.</p>
      <div className={css.buttons}>
        <Button data-autofocus onClick={close}>
          Cancel
        </Button>
        <ReasonButton variant="filled" reason={plan.rows === 0 ? 'Nothing would be changed.' : null} onClick={stage}>
          {plan.rows === 0 ? 'Stage' : `Stage ${plural(plan.rows, 'row')}`}
        </ReasonButton>
      </div>
    </Modal>
  )
}

function Touched({ description, plan }: { description: TableDescription; plan: VerbPlan }) {
  const { columns, already, rows } = plan
  const touches = description.owner?.touches.filter(({ on, column }) => on === 'update' && !columns.has(column)) ?? []
  return (
    <ul className={css.facts} aria-label="What is touched">
      {Array.from(columns, ([name, value]) => (
        <li key={name}>
          <b>{name}</b> becomes {becomes(description, name, value)}
        </li>
      ))}
      <li>
        {rows === 0 ? 'No row is changed' : `${plural(rows, 'row')} ${rows === 1 ? 'is' : 'are'} changed`}
        {Array.from(already, ([why, many]) => `; ${count(many)} ${many === 1 ? 'is' : 'are'} ${why}`).join('')}.
      </li>
      {rows > 0 && touches.map(({ column, words }) => <li key={column}>{words} The save sets it too.</li>)}
    </ul>
  )
}

function becomes({ columns, owner }: TableDescription, name: string, value: Cell): string {
  const column = columns.find((each) => each.name === name)
  if (name === owner?.user?.uniquifier) return 'a new one in each row'
  const stored = column && storedWords(value, column)
  return `${cellInWords(value, column)}${stored ? ` (${stored.replace(/^S/, 's')})` : ''}`
}

/** NULL in a flag is a third state: which one it is to the owner is not in the value. */
function Undecided({
  description,
  users,
  verb,
}: {
  description: TableDescription
  users: VerbJob['users']
  verb: string
}) {
  const name = description.owner?.user?.active
  const rows = useMemo(() => {
    const index = description.columns.findIndex((column) => column.name === name)
    return users.lines.filter((line) => users.shown(line, index) === null).length
  }, [description, users, name])
  if (rows === 0 || (verb !== 'activate' && verb !== 'deactivate')) return null
  return (
    <p className={css.lead}>
      {plural(rows, 'row')} {rows === 1 ? 'holds' : 'hold'} NULL in {name}, which is neither true nor false: it is set
      as well.
    </p>
  )
}

function ownerInWords({ owner }: TableDescription): string {
  return !owner || owner.name === 'unknown' ? 'whose owner is not known' : `written by ${owner.words}`
}

function firstRows(edits: readonly Edit[]): Edit[] {
  const seen = new Set<unknown>()
  const first: Edit[] = []
  for (const edit of edits) {
    if (!('key' in edit)) continue
    seen.add(edit.key)
    if (seen.size > EXAMPLES) break
    first.push(edit)
  }
  return first
}
