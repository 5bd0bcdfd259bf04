// The points of a run at which a test may end it: a crash at any of them must leave a database that can be explained.

export const boundaries = [
  'before lock',
  'after lock',
  'before journal',
  'after journal',
  'before statement',
  'after statement',
  'before ledger',
  'after ledger',
  'before commit',
  'after commit',
  'before unlock',
  'after unlock',
] as const
export type Boundary = (typeof boundaries)[number]

/** Called and waited for each time a run comes to the point. */
export type OnBoundary = (name: Boundary) => Promise<void> | void
