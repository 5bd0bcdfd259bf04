// What a person opened and closed in the tree of each profile: it stays so on this device.
import { useState } from 'react'
import type { Folds } from './tree-rows.ts'

const keptAs = (profileId: string) => `roster-tree ${profileId}`

function read(profileId: string): Folds {
  try {
    const kept = JSON.parse(localStorage.getItem(keptAs(profileId)) ?? '{}') as unknown
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
    )
  } catch {
    return {}
  }
}

export function useFolds(profileId: string): [Folds, (id: string, isOpen: boolean) => void] {
  const [all, setAll] = useState<Readonly<Record<string, Folds>>>({})
  const folds = all[profileId] ?? read(profileId)
  return [
    folds,
    (id, isOpen) => {
      const next = { ...folds, [id]: isOpen }
      localStorage.setItem(keptAs(profileId), JSON.stringify(next))
      setAll({ ...all, [profileId]: next })
    },
  ]
}
