// What the screen of a table gains where its rows are users: verbs, health, the page of one user.
import type { TableExtras } from '../tables/table-extras.ts'

/** Each part draws nothing where the table's owner names no users. */
export const userExtras: TableExtras = {}
