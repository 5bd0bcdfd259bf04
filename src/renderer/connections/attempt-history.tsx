// The attempts that failed: when, how far each came, why, and how long it took. The latest is on top.
import type { ConnectAttempt } from '../../shared/connections.ts'
import { duration } from '../ui/wording.ts'
import { phaseWords, timeOfDay } from './connection-words.ts'
import css from './waiting-screen.module.css'

export function AttemptHistory({ history }: { history: readonly ConnectAttempt[] }) {
  return (
    <section className={css.part} aria-label="Attempts so far">
      <h3 className={css.heading}>Attempts so far</h3>
      {history.length === 0 ? (
        <p className={css.none}>None has failed yet.</p>
      ) : (
        <div className={css.scroll} tabIndex={0} role="region" aria-label="List of attempts">
          <table className={css.attempts}>
            <thead>
              <tr>
                <th scope="col">No.</th>
                <th scope="col">Time</th>
                <th scope="col">Came to</th>
                <th scope="col">What happened</th>
                <th scope="col">Took</th>
              </tr>
            </thead>
            <tbody>
              {history.toReversed().map((attempt) => (
                <tr key={`${attempt.number} ${attempt.at}`}>
                  <td className={css.number}>{attempt.number}</td>
                  <td className={css.number}>{timeOfDay(attempt.at)}</td>
                  <td>{phaseWords[attempt.phase]}</td>
                  <td title={attempt.cause.detail || undefined}>{attempt.cause.message}</td>
                  <td className={css.number}>{duration(attempt.ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
