// The settings that an attempt used, with the password masked, and what they look like as a connection string.
import type { ServerProfile } from '../../shared/profiles.ts'
import { dialectNames } from '../ui/environment-words.ts'
import { connectionString, encryptionWords, nodeWords, secretWords, tunnelWords } from './connection-words.ts'
import css from './waiting-screen.module.css'

export function SettingsUsed({ profile }: { profile: ServerProfile }) {
  const nodes = nodeWords(profile)
  const tunnel = tunnelWords(profile)
  const rows: [string, string][] = [
    ['Server', dialectNames[profile.dialect]],
    ['Host', profile.host],
    ['Port', String(profile.port)],
    ...(nodes === null ? [] : [['Further nodes', nodes] satisfies [string, string]]),
    ...(tunnel === null ? [] : [['SSH tunnel', tunnel] satisfies [string, string]]),
    ['Database', profile.database],
    ['User', profile.user],
    ['Password', secretWords(profile)],
    ['Encryption', encryptionWords(profile)],
  ]
  return (
    <section className={css.part} aria-label="Settings used">
      <h3 className={css.heading}>Settings used</h3>
      <dl className={css.settings}>
        {rows.map(([name, value]) => (
          <div key={name} className={css.setting}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <code className={css.url}>{connectionString(profile)}</code>
    </section>
  )
}
