// Users that are alike are found on each engine, by their keys, and what is different is told.
import { afterEach, expect, it } from 'vitest'
import { describeOnEachEngine, type Opened } from '../tables/engines.test-setup.ts'
import { differenceInWords } from './alike.ts'

const NFD = 'jose\u0301@example.com'

describeOnEachEngine('users that are alike', (engine) => {
  let opened: Opened | null = null
  afterEach(async () => {
    await opened?.close()
    opened = null
  })

  const text = engine.pick({
    sqlite: 'varchar(255)',
    postgres: 'varchar(255)',
    mysql: 'varchar(255) collate utf8mb4_bin',
  })
  const begin = async (rows: readonly string[], type = text) => {
    const values = rows.map((email, index) => `(${index + 1}, '${email}', null)`).join(', ')
    const setup = `create table users (id integer not null primary key, email ${type}, password varchar(255)); insert into users values ${values};`
    opened = await engine.open(setup)
    return opened
  }
  const alike = async ({ api, profileId }: Opened, email: string, id: bigint | null) => {
    const { users } = await api.users.alike({ profileId, table: 'users', email, key: id === null ? null : [id] })
    return users.map(({ key, words }) => [String(key[0]), words]).sort()
  }

  it('by case, blanks and Unicode form, the row itself left out', async () => {
    const at = await begin([
      'ann@example.com',
      'Ann@Example.com',
      ' ann@example.com',
      'anna@example.com',
      'jos\u00e9@example.com',
      NFD,
    ])
    expect(await alike(at, 'ann@example.com', 1n)).toEqual([
      ['2', 'upper and lower case'],
      ['3', 'blanks around it'],
    ])
    expect(await alike(at, NFD, 6n)).toEqual([['5', 'other code points that look the same']])
    expect(await alike(at, 'ANN@example.com', null)).toHaveLength(3)
    expect(await alike(at, 'nobody@example.com', null)).toEqual([])
  })

  it('what is no text of the column is alike to nothing', async () => {
    const at = await begin(['ann@example.com'])
    expect(await alike(at, '\0', null)).toEqual([])
    expect(await alike(at, "' or 1=1 --", null)).toEqual([])
  })
})

it('says what is different', () => {
  expect(differenceInWords('A@b', 'a@b ')).toBe('blanks around it, upper and lower case')
  expect(differenceInWords('😀@x', '🎉@x')).toBe('other letters, which the database takes for the same')
})
