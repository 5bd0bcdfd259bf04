// A users table as a page knows it, for tests.
import type { Owner } from './owners.ts'
import type { Column, TableDescription } from './tables.ts'

export const emptyOwner: Owner = {
  ...{ name: 'sqlalchemy', writer: 'sqlalchemy', words: 'SQLAlchemy', evidence: [], meanings: {}, touches: [] },
  user: {
    ...{ email: 'email', username: null, password: 'password', active: null, gate: null, confirmedAt: 'confirmed_at' },
    ...{ uniquifier: 'fs_uniquifier', deletedAt: null, createdAt: null },
  },
}

const column = (name: string, more: Partial<Column> = {}): Column => ({
  ...{ name, type: 'VARCHAR(255)', kind: 'text', isNullable: true, default: null, keyPosition: 0, isAutomatic: false },
  ...{ isGenerated: false, maxLength: 255, isSecret: false, isIndexed: false, codec: null, encoding: null, ...more },
})

export const usersTable = (): Pick<TableDescription, 'columns' | 'owner'> => ({
  owner: emptyOwner,
  columns: [
    column('email'),
    column('password', { isSecret: true }),
    column('fs_uniquifier'),
    column('confirmed_at', {
      kind: 'datetime',
      codec: {
        kind: 'moment',
        shape: {
          ...{ of: 'datetime', separator: ' ', hasSeconds: true, zone: 'none', storage: 'text' },
          fraction: { rule: 'fixed', digits: 6 },
        },
      },
    }),
  ],
})
