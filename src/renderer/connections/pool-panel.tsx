// All about a profile's connections: how many there may be and why, what the server says, and who has which.
import { useEffect, useState } from 'react'
import type { PoolHolder, PoolState } from '../../shared/connections.ts'
import { count, duration, plural } from '../ui/wording.ts'
import { usePool } from './use-pool.ts'
import css from './pool-gauge.module.css'

export function PoolPanel({ profileId }: { profileId: string }) {
  const pool = usePool(profileId, true)
  const now = useNow()
  if (!pool) return <div className={css.panel}>The profile is not open.</div>
  const numbers: [string, number][] = [
    ['In use', pool.used],
    ['Idle', pool.idle],
    ['Waiting', pool.waiting],
    ['Limit', pool.limit],
  ]
  return (
    <section className={css.panel} aria-label="Connections" tabIndex={-1} data-autofocus>
      <h2 className={css.title}>Connections of this profile</h2>
      <dl className={css.numbers}>
        {numbers.map(([name, value]) => (
          <div key={name} className={css.number}>
            <dt>{name}</dt>
            <dd>{count(value)}</dd>
          </div>
        ))}
      </dl>
      <p className={css.fact}>{limitWords(pool)}</p>
      <p className={css.fact}>{serverWords(pool)}</p>
      {pool.waiting > 0 && (
        <p className={css.fact}>
          <strong>{plural(pool.waiting, 'caller waits', 'callers wait')} for a connection.</strong> Each waits 5 s at
          most.
        </p>
      )}
      <Holders holders={pool.holders} now={now} />
    </section>
  )
}

/** How the limit came about, with its inputs. */
export function limitWords({ limit, limitFrom }: Pick<PoolState, 'limit' | 'limitFrom'>): string {
  if (limitFrom.kind === 'explicit') return `The limit of ${limit} is set in the profile (DB_POOL_SIZE).`
  const { cores, spindles, isStated } = limitFrom
  const formula = `The limit is (2 × ${plural(cores, 'core')}) + ${plural(spindles, 'spindle')} = ${limit}`
  return isStated
    ? `${formula}, of the database server as the profile states them.`
    : `${formula}. The profile does not state them all: this machine's cores and 1 spindle stand in.`
}

function serverWords({ server, used, idle }: PoolState): string {
  if (!server) return 'The server does not tell how many connections it has.'
  const all = `The server has ${count(server.used)} of ${plural(server.limit, 'connection')} in use`
  return `${all}, ${count(used + idle)} of them by this profile.`
}

function Holders({ holders, now }: { holders: readonly PoolHolder[]; now: number }) {
  if (holders.length === 0) return <p className={css.fact}>No connection is in use just now.</p>
  return (
    <div className={css.holders} tabIndex={0} role="region" aria-label="Who has a connection">
      <table>
        <thead>
          <tr>
            <th scope="col" style={{ width: 74 }}>
              Session
            </th>
            <th scope="col" style={{ width: 84 }}>
              For
            </th>
            <th scope="col" style={{ width: 70 }}>
              Since
            </th>
            <th scope="col">SQL</th>
          </tr>
        </thead>
        <tbody>
          {holders.map(({ session, use, since, sql }) => (
            <tr key={session}>
              <td>{session}</td>
              <td>{use}</td>
              <td>{duration(Math.max(0, now - since))}</td>
              <td>
                <div className={css.sql} title={sql ?? undefined}>
                  {sql ?? 'nothing yet'}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return now
}
