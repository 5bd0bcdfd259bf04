// Opens the journal of a profile: tables of the database itself, or a file on this machine.
import { fileJournal } from './journal-file.ts'
import { tableJournal } from './journal-table.ts'
import type { Journal, JournalOptions } from './journal.ts'

/** Reads and makes nothing yet. */
export function openJournal(options: JournalOptions): Journal {
  return options.where === 'file' ? fileJournal(options) : tableJournal(options)
}

/** Characters of a statement's text that are kept. */
export const SQL_LENGTH = 2_000

/** Characters of the step's files that are kept; more are left out whole. */
export const SOURCE_LENGTH = 1_000_000
