// The environments of profiles in words.
import type { Dialect, Environment } from '../../shared/profiles.ts'

export const environmentNames: Record<Environment, string> = {
  none: 'Not stated',
  development: 'Development',
  staging: 'Staging',
  production: 'Production',
}

export const dialectNames: Record<Dialect, string> = {
  sqlite: 'SQLite',
  postgres: 'PostgreSQL',
  mysql: 'MySQL / MariaDB',
}
