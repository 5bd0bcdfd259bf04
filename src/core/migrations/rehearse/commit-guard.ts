// Makes PostgreSQL itself refuse to commit a rehearsal: a row that breaks a deferred foreign key waits in it until the end, so
// that whatever gets past the look at the statements' text, COMMIT keeps nothing.
import type { Asked } from './parts.ts'

const TABLE = 'pg_temp.roster_rehearsal'
const KEY = 'roster_rehearsal_keeps_nothing'

export interface CommitGuard {
  /** False where the login may not make temporary tables: the look at the text is then all there is. */
  readonly isSet: boolean
  /** Steps may make all constraints immediate; the guard's would fail at once. Sent around such a statement. */
  around<T>(sql: string, work: () => Promise<T>): Promise<T>
}

export async function setCommitGuard({ ask }: Asked): Promise<CommitGuard> {
  await ask('savepoint roster_guard')
  let isSet = true
  try {
    await ask(`create temporary table roster_rehearsal (id int primary key,
      other int constraint ${KEY} references ${TABLE} deferrable initially deferred) on commit drop`)
    await arm()
  } catch {
    isSet = false
    await ask('rollback to savepoint roster_guard')
  }
  await ask('release savepoint roster_guard')

  async function arm() {
    await ask(`set constraints ${KEY} deferred`)
    await ask(`insert into ${TABLE} values (1, 2)`)
  }

  return {
    isSet,
    async around(sql, work) {
      if (!isSet || !/\bset\s+constraints\s+all\b/i.test(sql)) return work()
      await ask(`delete from ${TABLE}`)
      const answer = await work()
      await arm()
      return answer
    },
  }
}

/**
 * What COMMIT would check is checked now, and from here on as it was before: each step has a COMMIT of its own when it is
 * run. By name and not ALL, which would hold for constraints to come, and for the guard.
 */
export async function checkDeferred({ ask }: Asked): Promise<void> {
  const rows = await ask(`
    select quote_ident(n.nspname) || '.' || quote_ident(k.conname) as name, bool_or(k.condeferred) as deferred
    from pg_constraint k join pg_namespace n on n.oid = k.connamespace
    where k.condeferrable and k.conparentid = 0 and n.nspname !~ '^pg_temp'
      and n.nspname not in ('pg_catalog', 'information_schema')
    group by 1 order by 1`)
  const names = rows.map(({ name }) => String(name))
  if (names.length === 0) return
  await ask(`set constraints ${names.join(', ')} immediate`)
  const deferred = rows.filter((row) => row.deferred === true).map(({ name }) => String(name))
  if (deferred.length > 0) await ask(`set constraints ${deferred.join(', ')} deferred`)
}
