// How far work on many rows is, with a button that stops it.
import { Button, Progress } from '@mantine/core'
import type { TableModel } from '../table-model.ts'
import { savingWorks } from '../save-in-parts.ts'
import { works, type Work } from './block-work.ts'
import css from './selection.module.css'
import { useSlot } from './slot.ts'

export function WorkBar({ model }: { model: TableModel }) {
  const work = useSlot(works, model)
  const saving = useSlot(savingWorks, model)
  return (
    <div role="status" className={css.workRegion}>
      {saving && <Bar work={saving} />}
      {work && <Bar work={work} />}
    </div>
  )
}

function Bar({ work }: { work: Work }) {
  const percent = Math.floor((work.done / Math.max(1, work.of)) * 100)
  return (
    <div className={css.work}>
      <span>{work.words}</span>
      <Progress value={percent} w={160} size="sm" aria-label={work.words} />
      <Button size="compact-xs" onClick={work.cancel}>
        Stop
      </Button>
    </div>
  )
}
