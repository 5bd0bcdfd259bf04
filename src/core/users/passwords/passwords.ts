// Password hashes, as the contract has them: what a table holds, new hashes that wait to be saved, and checking a password.
import type { Owner } from '../../../shared/owners.ts'
import type { Database, ShapeColumn, TableShape } from '../../db/database.ts'
import { api, type Context } from '../../implement.ts'
import { ownerOf } from '../../owners/owner-of.ts'
import { schemeOf } from '../../password-schemes.ts'
import { Refusal } from '../../refusal.ts'
import { checkChoice } from './check-choice.ts'
import { whatIsFound } from './find-passwords.ts'
import { notHashed } from './hashing.ts'
import type { DigestReading } from './hashing-protocol.ts'
import { likelyVariables, pepperOf } from './peppers.ts'
import { hashOf, newestHashes, passwordColumn } from './stored-hashes.ts'
import { mayVerify } from './usual-choices.ts'
import { answerOf } from './verdict-words.ts'

interface Scope {
  database: Database
  shape: TableShape
  owner: Owner
  column: ShapeColumn
}

async function scopeOf(
  { core, signal }: Context & { signal: AbortSignal },
  { profileId, table }: { profileId: string; table: string },
): Promise<Scope> {
  const database = core.databases.of(profileId)
  const shape = await database.describe(table, signal)
  if (!shape) throw new Refusal('TABLE_NOT_FOUND', `There is no table ${table} any more.`, { table })
  const owner = await ownerOf(database, shape, signal)
  return { database, shape, owner, column: passwordColumn(shape, owner) }
}

/** Whose forms bring passwords to NFKD: Flask-Security, by the owner or by the salt that is named where no other library is. */
const normalises = ({ name, writer }: Owner, pepper: string | null) =>
  name === 'flask-security' || (pepper !== null && writer !== 'pydal' && writer !== 'django')

function readingOf({ name, writer }: Owner): DigestReading {
  if (writer === 'django' || name === 'django') return 'django'
  return writer === 'pydal' ? 'pydal' : 'any'
}

export const passwordCalls = {
  passwords: api.users.passwords.handler(async ({ input, context }) => {
    const { database, shape, owner, column } = await scopeOf(context, input)
    const hashes = await newestHashes(database, shape, column.name, context.signal)
    return { ...whatIsFound(owner, column, hashes), looked: hashes.length, variables: likelyVariables() }
  }),
  hash: api.users.hash.handler(async ({ input, context }) => {
    const { core, signal } = context
    const { owner, column } = await scopeOf(context, input)
    const { choice, password, count } = input
    const times = <T>(one: () => T): T[] => Array.from({ length: count }, one)
    if (password === null) {
      if (!column.isNullable)
        throw notHashed(
          `${column.name} cannot be NULL, so a user cannot be left without a password. Deactivate the user instead.`,
        )
      return { kept: times(() => core.keptHashes.keep('none', null)) }
    }
    if (!choice) throw notHashed('Choose how the password is to be hashed.')
    if (!mayVerify(owner, choice))
      throw notHashed(
        `${owner.words} does not verify ${choice.scheme} hashes${owner.name === 'flask-security' ? ', and would take the text of one for the password itself' : ''}. Choose another scheme.`,
      )
    const pepper = choice.isDouble ? pepperOf(input.pepper.variable) : null
    const isNormalised = normalises(owner, pepper)
    checkChoice(choice, password, pepper, isNormalised)
    const hashes = await core.hashing.ask('hash', { password, pepper, isNormalised, choice, count }, signal)
    const tooLong = hashes.find((hash) => column.maxLength !== null && hash.length > column.maxLength)
    if (tooLong !== undefined)
      throw notHashed(
        `Such a hash has ${tooLong.length} characters, and ${column.name} holds ${column.maxLength} (${column.type}). Choose a shorter one.`,
      )
    return { kept: hashes.map((hash) => core.keptHashes.keep(choice.scheme, hash)) }
  }),
  checkPassword: api.users.checkPassword.handler(async ({ input, context }) => {
    const { database, shape, owner, column } = await scopeOf(context, input)
    const hash = await hashOf(database, shape, column.name, input.key, context.signal)
    const { variable } = input.pepper
    const pepper = pepperOf(variable)
    if (hash === null || hash === '')
      return answerOf({ answer: 'differs' }, owner, hash === null ? 'none' : 'empty', null)
    const asked = { hash, password: input.password, pepper, isNormalised: normalises(owner, pepper) }
    const verdict = await context.core.hashing.ask('verify', { ...asked, reading: readingOf(owner) }, context.signal)
    return answerOf(verdict, owner, schemeOf(hash), pepper === null ? null : variable)
  }),
}
