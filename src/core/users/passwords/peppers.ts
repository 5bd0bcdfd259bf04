// What an application mixes into passwords, kept where it keeps it: in environment variables, of which only names go out.
import { notHashed } from './hashing.ts'

/** Names of what is a salt or key for passwords, the likeliest first. */
const LIKELY = [/PASSWORD.*SALT/i, /SALT/i, /PEPPER/i, /HMAC|AUTH_?KEY/i, /PASSWORD.*KEY|CRYPT/i]
const MOST_NAMES = 20

export function likelyVariables(environment: NodeJS.ProcessEnv = process.env): string[] {
  const rank = (name: string) => LIKELY.findIndex((pattern) => pattern.test(name))
  return Object.keys(environment)
    .filter((name) => rank(name) >= 0 && name.length <= 200)
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .slice(0, MOST_NAMES)
}

/** Null when no variable is named. Throws NOT_HASHED, which names the variable and never its value. */
export function pepperOf(variable: string | null, environment: NodeJS.ProcessEnv = process.env): string | null {
  if (variable === null || variable === '') return null
  const value = environment[variable]
  if (value === undefined || value === '')
    throw notHashed(
      `The environment variable ${variable} is not set where Roster runs. Set it and start Roster again, or name another one.`,
    )
  return value
}
