// The indexes of a table: which columns are unique together, and by which one the rows can be read in order.
import type { Cell } from '../../../shared/cell.ts'
import type { Read } from '../server/server-dialect.ts'

export interface Index {
  isPrimary: boolean
  isUnique: boolean
  /** It holds every row: no WHERE of its own, and built to the end. */
  isFull: boolean
  /** Reading it gives the rows in the default order of its first column. */
  isInOrder: boolean
  /** It is sorted by the bytes of its first column, so that it serves `like 'a%'`. */
  isByBytes: boolean
  /** Null for an expression. What an index only carries along (INCLUDE) is not among them. */
  columns: (string | null)[]
}

/** In the order in which they were made. */
export async function readIndexes(read: Read, table: Cell): Promise<Index[]> {
  const { rows } = await read({
    sql: `select i.indisprimary, i.indisunique, i.indisvalid and i.indisready and i.indpred is null,
                 -- 0: ascending, NULLs last; 3: the same read backwards.
                 m.amname = 'btree' and i.indoption[0] in (0, 3) and o.opcdefault
                   and i.indcollation[0] = coalesce(f.attcollation, 0),
                 -- The collations "C" and "POSIX", the database's own where it is one of them, or an operator class for it.
                 m.amname = 'btree' and i.indcollation[0] <> 0
                   and (o.opcname ~ '_pattern_ops$' or i.indcollation[0] in (950, 951) or i.indcollation[0] = 100 and
                        (select d.datcollate in ('C', 'POSIX') or to_jsonb(d)->>'datlocprovider' = 'b'
                         from pg_database d where d.datname = current_database())),
                 (select json_agg(a.attname order by k.place)
                  from unnest(i.indkey::int2[]) with ordinality k(number, place)
                  left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and k.number > 0
                  where k.place <= i.indnkeyatts)
          from pg_index i
          join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
          join pg_opclass o on o.oid = i.indclass[0]
          left join pg_attribute f on f.attrelid = i.indrelid and f.attnum = i.indkey[0] and i.indkey[0] > 0
          where i.indrelid = $1::oid order by i.indexrelid`,
    values: [table],
  })
  return rows.map(([isPrimary, isUnique, isFull, isInOrder, isByBytes, columns]) => ({
    isPrimary: isPrimary === 't',
    isUnique: isUnique === 't',
    isFull: isFull === 't',
    isInOrder: isInOrder === 't',
    isByBytes: isByBytes === 't',
    columns: JSON.parse(String(columns)) as (string | null)[],
  }))
}

/** Sets of columns that must be unique, each once and the primary key left out. */
export function uniqueSets(indexes: readonly Index[], primaryKey: readonly string[]): string[][] {
  const sign = (columns: readonly string[]) => JSON.stringify([...columns].sort())
  const seen = new Set([sign(primaryKey)])
  const sets: string[][] = []
  for (const { isUnique, isFull, isPrimary, columns } of indexes) {
    if (!isUnique || !isFull || isPrimary) continue
    const named = columns.filter((column) => column !== null)
    if (named.length !== columns.length || seen.has(sign(named))) continue
    seen.add(sign(named))
    sets.push(named)
  }
  return sets
}

/** Columns of which an index serves `like 'a%'`. */
export function firstOfIndexesByBytes(indexes: readonly Index[]): string[] {
  const firsts = indexes.filter(({ isFull, isByBytes }) => isFull && isByBytes).map(({ columns }) => columns[0])
  return [...new Set(firsts.filter((column) => typeof column === 'string'))]
}

/** Columns that are unique each by itself, as the order compares them: an index of one alone does not hold the key. */
export function uniqueAlone(indexes: readonly Index[]): string[] {
  return indexes.flatMap(({ isUnique, isFull, isInOrder, columns: [column, ...others] }) =>
    isUnique && isFull && isInOrder && column != null && others.length === 0 ? [column] : [],
  )
}

/** Columns by which a sorted page can come from an index. */
export function firstOfIndexes(indexes: readonly Index[]): Set<string | null | undefined> {
  return new Set(indexes.filter(({ isFull, isInOrder }) => isFull && isInOrder).map(({ columns }) => columns[0]))
}
