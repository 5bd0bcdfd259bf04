// What the facts about a database say of the encryption of its connections.
import type { DatabaseFacts } from '../../../shared/profiles.ts'
import type { Link } from './link.ts'

/** The same facts with a line about the connection that was asked, after the one about the server. */
export function withEncryption(facts: DatabaseFacts, { encryption }: Pick<Link, 'encryption'>): DatabaseFacts {
  const [server, ...others] = facts.details
  if (!server) return facts
  return { ...facts, details: [server, { name: 'Encryption', value: encryption ?? 'none' }, ...others] }
}
