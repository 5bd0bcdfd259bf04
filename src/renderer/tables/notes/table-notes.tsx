// What a person should know before editing a table: one line, which opens to all of it and can be put away for this session.
import { ActionIcon, Button } from '@mantine/core'
import { X } from 'lucide-react'
import { useState } from 'react'
import { Notice } from '../../ui/notice.tsx'

interface TableNotesProps {
  /** Of the table; what was put away is remembered under it. */
  address: string
  notes: readonly string[]
}

const putAway = new Set<string>()

export function TableNotes({ address, notes }: TableNotesProps) {
  const id = JSON.stringify([address, notes])
  const [isAway, setAway] = useState(putAway.has(id))
  const [isOpen, setOpen] = useState(false)
  const [first, ...others] = notes
  if (first === undefined || isAway) return null
  const actions = (
    <>
      {others.length > 0 && (
        <Button size="compact-xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Less' : `${others.length} more`}
        </Button>
      )}
      <ActionIcon
        size={22}
        aria-label="Put these notes away"
        onClick={() => {
          putAway.add(id)
          setAway(true)
        }}
      >
        <X size={14} />
      </ActionIcon>
    </>
  )
  return (
    <div role="note" aria-label="Before editing">
      <Notice tone="note" actions={actions}>
        {isOpen ? notes.map((note) => <div key={note}>{note}</div>) : first}
      </Notice>
    </div>
  )
}
