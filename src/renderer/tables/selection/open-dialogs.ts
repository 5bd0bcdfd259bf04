// Which dialogs and panels of a table's editing are open.
import { Slot } from './slot.ts'

export const copyDialogs = new Slot<true>()
export const setDialogs = new Slot<true>()
export const inspectors = new Slot<true>()
export const keyMaps = new Slot<true>()
