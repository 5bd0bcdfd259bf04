// The two tables that are compared, and which other one a person has chosen for each.
import { useState } from 'react'
import type { ComparedTable } from '../../shared/compare.ts'
import type { Environment } from '../../shared/profiles.ts'

/** One side as it is shown: the profile's name stands for it. */
export interface Side extends ComparedTable {
  name: string
  environment: Environment
}

export const comparedOf = ({ profileId, table }: ComparedTable): ComparedTable => ({ profileId, table })

/** What was chosen last for a table, for as long as the page is there. `table` null: the one that fits best. */
export interface Choice {
  profileId: string
  table: string | null
}

const chosen = new Map<string, Choice>()

export function useChoice(here: ComparedTable): [Choice | null, (choice: Choice) => void] {
  const address = JSON.stringify([here.profileId, here.table])
  const [choice, setChoice] = useState<Choice | null>(() => chosen.get(address) ?? null)
  return [
    choice,
    (next) => {
      chosen.set(address, next)
      setChoice(next)
    },
  ]
}

/** Names that applications give to their users, the usual ones first. */
const USUAL = ['auth_user', 'user', 'users']

/**
 * The table of the same name, its schema included where there is one; else of the same name in another schema, else one that is
 * called like users, else none.
 */
export function likelyTable(tables: readonly { name: string }[], name: string): string | null {
  const bare = (text: string) => (text.split('.').at(-1) ?? text).toLowerCase()
  const find = (wanted: string) => tables.find((table) => bare(table.name) === wanted)?.name
  const same = tables.find((table) => table.name === name)?.name
  return same ?? [bare(name), ...USUAL].map(find).find((found) => found !== undefined) ?? null
}
