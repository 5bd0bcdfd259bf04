// One group of foreign values: how they are stored, what the owner makes of them, and the choice of their repair.
import { Button, Radio } from '@mantine/core'
import type { ForeignGroup } from '../../../shared/foreign-rows.ts'
import { plural } from '../../ui/wording.ts'
import type { RepairTo } from './stage-repairs.ts'
import css from './foreign.module.css'

interface ForeignGroupProps {
  group: ForeignGroup
  chosen: RepairTo | null
  isOff: boolean
  onChoose: (to: RepairTo | null) => void
  onShow: () => void
}

const LEAVE = 'leave'

export function ForeignGroupChoice({ group, chosen, isOff, onChoose, onShow }: ForeignGroupProps) {
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
