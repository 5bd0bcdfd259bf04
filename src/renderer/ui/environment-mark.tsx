// What is at stake in a database, in a word with a sign and an outline of its own: never by colour alone.
import { FlaskConical, ShieldAlert, Wrench } from 'lucide-react'
import type { Environment } from '../../shared/profiles.ts'
import { environmentNames } from './environment-words.ts'
import css from './environment-mark.module.css'

const icons = { development: Wrench, staging: FlaskConical, production: ShieldAlert }
const short = { development: 'Dev', staging: 'Staging', production: 'Prod' }

interface EnvironmentMarkProps {
  environment: Environment
  /** For narrow places: a short word. */
  isSmall?: boolean
}

/** Nothing where the environment is not stated. */
export function EnvironmentMark({ environment, isSmall = false }: EnvironmentMarkProps) {
  if (environment === 'none') return null
  const Icon = icons[environment]
  return (
    <span className={css.mark} data-environment={environment} data-small={isSmall || undefined}>
      <Icon size={isSmall ? 10 : 13} aria-hidden />
      {isSmall ? short[environment] : environmentNames[environment]}
    </span>
  )
}
