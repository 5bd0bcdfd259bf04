// Whose table it is: which library writes it, how that was seen, and what its columns mean to the application.
import { z } from 'zod'
// First of all, for the setting it makes: object schemas follow.
import './procedure.ts'

/**
 * `sqlalchemy` to `django`: who made the table. The last sign that is found wins: a table of Flask-Security is written by
 * SQLAlchemy, one of web2py by PyDAL. `roster`: the built-in migrations made it.
 */
export const ownerName = z.enum([
  'sqlalchemy',
  'alembic',
  'flask-security',
  'pydal',
  'web2py',
  'py4web',
  'gorm',
  'django',
  'roster',
  'unknown',
])
export type OwnerName = z.infer<typeof ownerName>

/** The library that reads and writes the values, which decides their spelling. */
export const writer = z.enum(['sqlalchemy', 'pydal', 'gorm', 'django', 'unknown'])
export type Writer = z.infer<typeof writer>

/** When the application sets a column by itself, and to what. Roster does the same in its own writes. */
export const touch = z.object({
  column: z.string(),
  /** `update`: in every change of a row, and in a new one. `insert`: in a new row alone. */
  on: z.enum(['update', 'insert']),
  /** For people: "GORM sets updated_at in every change." */
  words: z.string(),
})
export type Touch = z.infer<typeof touch>

/** The columns that make a row a user; null where the table has no such column. Names as the table spells them. */
export const userColumns = z.object({
  email: z.string(),
  username: z.string().nullable(),
  password: z.string().nullable(),
  /** A flag: true may log in. */
  active: z.string().nullable(),
  /** web2py's registration_key, py4web's action_token: what stands there may keep the user out (`gateState`). */
  gate: z
    .object({
      column: z.string(),
      /** What keeps a user out, to the letter; the first is what is written for that: 'blocked' and 'disabled'. */
      blocked: z.array(z.string()).min(1),
      /** Beginnings of what stands there until the user is confirmed or approved: 'pending', 'pending-registration:'. */
      pending: z.array(z.string()),
      /** What any other text is: a token that is waited for (web2py), or nothing that keeps out (py4web). */
      others: z.enum(['pending', 'open']),
    })
    .nullable(),
  confirmedAt: z.string().nullable(),
  /** Flask-Security's fs_uniquifier: uuid4 in hex; a new one ends all sessions. */
  uniquifier: z.string().nullable(),
  /** GORM's soft delete: a row that holds a moment here does not exist for the application. */
  deletedAt: z.string().nullable(),
  createdAt: z.string().nullable(),
})
export type UserColumns = z.infer<typeof userColumns>

export const owner = z.object({
  name: ownerName,
  writer,
  /** For people, short: "Flask-Security (SQLAlchemy)", "web2py (PyDAL)", "GORM v2", "unknown". */
  words: z.string(),
  /** How it was seen, a plain sentence each, the strongest first: "fs_uniquifier VARCHAR(64) is unique". */
  evidence: z.array(z.string()),
  /** What the owner does with a column, by its name: sentences for people, shown with the column's structure. */
  meanings: z.record(z.string(), z.string()),
  touches: z.array(touch),
  /** Null where the table holds no users. */
  user: userColumns.nullable(),
})
export type Owner = z.infer<typeof owner>
