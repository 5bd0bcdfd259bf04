// What of the verbs is open for a table: its menu, a preview, a form. No password is ever kept here.
import type { Cell } from '../../../shared/cell.ts'
import { Slot } from '../../tables/selection/slot.ts'
import type { ChosenUsers } from './chosen-users.ts'
import type { Doing } from './verb-plan.ts'

export interface VerbJob {
  doing: Doing
  users: ChosenUsers
  /** A new fs_uniquifier with it, unless a person says otherwise. */
  isSignedOut: boolean
}

export interface UserForm {
  title: string
  /** What it begins with, by column. */
  values: Readonly<Record<string, Cell>>
}

/** The stored row whose password is checked. */
export interface CheckForm {
  key: readonly Cell[]
  who: string
  /** Another password is staged for it. */
  isStaged: boolean
}

/** Below the toolbar's button, or where an item of a cell's menu was chosen: pixels of the window. */
export type MenuPlace = 'toolbar' | { x: number; y: number }

export const usersMenus = new Slot<MenuPlace>()
export const verbJobs = new Slot<VerbJob>()
export const passwordForms = new Slot<ChosenUsers>()
export const checkForms = new Slot<CheckForm>()
export const userForms = new Slot<UserForm>()
