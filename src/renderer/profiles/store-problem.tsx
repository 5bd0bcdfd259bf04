// Says that the stored profiles could not be read and where they were put.
import { ActionIcon } from '@mantine/core'
import { X } from 'lucide-react'
import { useState } from 'react'
import { Notice } from '../ui/notice.tsx'
import { useProfiles } from './profiles-queries.ts'
import css from './store-problem.module.css'

export function StoreProblem() {
  const problem = useProfiles().data?.problem
  const [isHidden, setHidden] = useState(false)
  if (!problem || isHidden) return null
  const close = (
    <ActionIcon aria-label="Hide this notice" onClick={() => setHidden(true)}>
      <X size={14} />
    </ActionIcon>
  )
  return (
    <div className={css.bar} role="alert">
      <Notice tone="warn" actions={close}>
        {problem.message}
      </Notice>
    </div>
  )
}
