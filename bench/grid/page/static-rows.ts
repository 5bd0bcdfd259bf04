// Rows and columns as the page would have read them of auth_user.
import type { GridRow } from '../../../src/renderer/grid/row-blocks.ts'
import type { Column } from '../../../src/shared/tables.ts'

/** The grid keeps as many of a table. */
const ROWS = 10_000

function column(name: string, type: string, kind: Column['kind'], more: Partial<Column> = {}): Column {
  return {
    ...{ name, type, kind, isNullable: true, default: null, keyPosition: 0, isAutomatic: false, isGenerated: false },
    ...{ maxLength: null, isSecret: false, isIndexed: true, codec: null, encoding: null },
    ...more,
  }
}

export const staticColumns: Column[] = [
  column('id', 'integer', 'integer', { keyPosition: 1, isNullable: false, isAutomatic: true }),
  column('email', 'varchar(255)', 'text', { maxLength: 255, isNullable: false }),
  column('password', 'varchar(255)', 'text', { isSecret: true, isIndexed: false }),
  column('active', 'boolean', 'integer'),
  column('fs_uniquifier', 'varchar(64)', 'text', { maxLength: 64 }),
  column('confirmed_at', 'datetime', 'datetime'),
]

export function staticRows(): GridRow[] {
  return Array.from({ length: ROWS }, (_, index): GridRow => {
    const id = BigInt(index + 1)
    const scrambled = (index * 1_103_515_245) % 2_147_483_647
    const time = new Date(Date.UTC(2015, 0, 1) + (scrambled % 315_360_000) * 1000).toISOString()
    return {
      id: `static ${index}`,
      key: [id],
      cells: [
        id,
        `anna.García.${scrambled}@mail.example.com`,
        { secret: 'argon2id' },
        index % 20 === 0 ? null : 1n,
        scrambled.toString(16).padStart(24, '0'),
        index % 5 === 0 ? null : time.replace('T', ' ').replace('Z', '000'),
      ],
      cut: new Map(),
    }
  })
}
