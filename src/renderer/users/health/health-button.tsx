// The button of the toolbar that opens and closes the health of a users table.
import { ActionIcon, Tooltip } from '@mantine/core'
import { HeartPulse } from 'lucide-react'
import type { TableDescription } from '../../../shared/tables.ts'
import { useSlot } from '../../tables/selection/slot.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { healthPanels } from './health-runs.ts'

interface HealthProps {
  model: TableModel
  description: TableDescription
}

export function HealthButton({ model, description }: HealthProps) {
  const isOpen = useSlot(healthPanels, model) !== null
  if (!description.owner?.user) return null
  return (
    <Tooltip label="Health of the users: numbers and charts">
      <ActionIcon
        size={28}
        aria-label="Health"
        aria-expanded={isOpen}
        variant={isOpen ? 'light' : 'subtle'}
        onClick={() => healthPanels.set(model, isOpen ? null : true)}
      >
        <HeartPulse size={14} />
      </ActionIcon>
    </Tooltip>
  )
}
