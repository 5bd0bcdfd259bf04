// What can be done with one step, at its button or at the pointer. Why something cannot be done stands at the end.
import { Menu } from '@mantine/core'
import { ArrowDownToLine, BookCheck, FileDiff, FileText, ListTree, Tag, Undo2 } from 'lucide-react'
import { isApplied, isPending } from '../../shared/migration-order.ts'
import type { MigrationAction } from '../../shared/migration-runs.ts'
import type { MigrationList, MigrationStep } from '../../shared/migration-steps.ts'
import type { MenuPlace } from './step-row.tsx'
import { whyNoAdopt, whyNoMark, whyNotStep } from './why-not.ts'
import css from './steps-table.module.css'

interface StepMenuProps {
  list: MigrationList
  step: MigrationStep
  at: MenuPlace
  isBusy: boolean
  onClose: () => void
  onRun: (action: MigrationAction) => void
  onPlan: (action: MigrationAction) => void
  onShowSource: () => void
  onAdopt: () => void
  onRename: () => void
}

export function StepMenu({ list, step, at, isBusy, onClose, ...on }: StepMenuProps) {
  const { name, state } = step
  // Whatever opens next gives the focus back to where it was: that is the row, and not this menu, which is gone by then.
  const back = () => at.opener?.focus()
  const close = () => {
    back()
    onClose()
  }
  const choose = (perform: () => void) => () => {
    back()
    onClose()
    perform()
  }
  const why = whyNotStep(step, list, isBusy)
  const mark = whyNoMark(list, isBusy)
  const adopt = whyNoAdopt(list, isBusy)
  const mayAdopt = isPending(step) && list.adoptable.includes(name)
  const toHere: MigrationAction | null = isPending(step)
    ? { kind: 'up-to', name }
    : isApplied(step)
      ? { kind: 'down-to', name }
      : null
  const used = [
    ...(toHere ? [why.run, why.plan] : []),
    ...(mayAdopt ? [adopt] : []),
    ...(state === 'renamed' ? [mark] : []),
  ]
  const reasons = [...new Set(used.filter((reason) => reason !== null))]
  return (
    <Menu opened position="bottom-start" offset={0} closeOnItemClick={false} onClose={close}>
      <Menu.Target>
        <span className={css.anchor} style={{ left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Actions for ${name}`}>
        {toHere && (
          <>
            <Menu.Item
              leftSection={<ListTree size={14} />}
              disabled={why.plan !== null}
              onClick={choose(() => on.onPlan(toHere))}
            >
              {toHere.kind === 'up-to' ? 'Plan to here' : 'Plan rolling back to here'}
            </Menu.Item>
            {toHere.kind === 'up-to' ? (
              <Menu.Item
                leftSection={<ArrowDownToLine size={14} />}
                disabled={why.run !== null}
                onClick={choose(() => on.onRun(toHere))}
              >
                Run up to here
              </Menu.Item>
            ) : (
              <Menu.Item
                leftSection={<Undo2 size={14} />}
                color="red"
                disabled={why.run !== null}
                onClick={choose(() => on.onRun(toHere))}
              >
                Roll back down to here
              </Menu.Item>
            )}
            <Menu.Divider />
          </>
        )}
        <Menu.Item
          leftSection={state === 'changed' ? <FileDiff size={14} /> : <FileText size={14} />}
          onClick={choose(on.onShowSource)}
        >
          {sourceWords[state] ?? 'Show the file'}
        </Menu.Item>
        {mayAdopt && (
          <Menu.Item leftSection={<BookCheck size={14} />} disabled={adopt !== null} onClick={choose(on.onAdopt)}>
            Adopt instead of running
          </Menu.Item>
        )}
        {state === 'renamed' && (
          <Menu.Item leftSection={<Tag size={14} />} disabled={mark !== null} onClick={choose(on.onRename)}>
            Rename in the ledger
          </Menu.Item>
        )}
        {reasons.map((reason) => (
          <div key={reason} className={css.reasons} role="note">
            {reason}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

const sourceWords: Partial<Record<MigrationStep['state'], string>> = {
  changed: 'What changed',
  missing: 'Show what was applied',
}
