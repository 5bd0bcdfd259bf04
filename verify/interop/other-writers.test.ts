// Tables that other libraries made and filled, word by word as they did (SQLAlchemy 1.4.46 with names in mixed case, Django 3.2.25,
// Peewee 3.14.10, GORM 1.9.6 on SQLite): whose they are, how their columns are written, and that edits keep both.
import { describe, expect, it } from 'vitest'
import { inWords } from '../../src/shared/codecs.ts'
import { openFile, type Engine } from '../../src/core/tables/engines.test-setup.ts'
import { exercise } from './exercise.ts'
import { quoted } from './raw.ts'

interface Written {
  table: string
  /** Whose table it is. */
  words: string
  email: string
  setup: string
  /** How columns are written, by name: the beginning of the words. */
  codecs: Record<string, string>
}

const FIXED = 'text like 2024-01-31 09:30:00.123456'
const FLAG = 'the numbers 1 for true and 0 for false'

const SETS: Written[] = [
  {
    ...{ table: 'User', words: 'SQLAlchemy', email: 'EmailAddress' },
    setup: `CREATE TABLE "User" (
\t"ID" INTEGER NOT NULL, \n\t"EmailAddress" VARCHAR(255) NOT NULL, \n\t"passwordHash" VARCHAR(255), \n\t"isActive" BOOLEAN, \n\t"confirmedAt" DATETIME, \n\tbirthday DATE, \n\twake TIME, \n\tmood VARCHAR(4), \n\tprefs JSON, \n\tavatar BLOB, \n\tcredit NUMERIC(12, 3), \n\tscore FLOAT, \n\tquota DATETIME, \n\tPRIMARY KEY ("ID"), \n\tUNIQUE ("EmailAddress"), \n\tCONSTRAINT ck_active CHECK ("isActive" IN (0, 1))\n);
      INSERT INTO "User" VALUES
        (9007199254740993, 'ann@example.com', NULL, 1, NULL, NULL, NULL, 'glad', '{"a": 1.0, "\\u00fc": [1, null]}', X'00FF', 1.1, 0.1, '1970-01-02 00:00:00.000001'),
        (2, 'Ann@Example.com', NULL, 0, '9999-12-31 23:59:59.999999', '9999-12-31', '23:59:59.999999', 'sad', 'null', X'', NULL, 1e300, NULL),
        (3, 'zoë@exämple.de', NULL, NULL, '0001-01-01 00:00:00.000000', '0001-01-01', '00:00:00.000000', NULL, '[]', NULL, -999999999.999, -0.0, '1970-01-13 12:00:00.000000');`,
    codecs: {
      ...{ isActive: FLAG, confirmedAt: FIXED, quota: FIXED },
      ...{ birthday: 'text like 2024-01-31', wake: 'text like 09:30:00.123456' },
    },
  },
  {
    ...{ table: 'auth_user', words: 'Django', email: 'email' },
    setup: `CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL, "first_name" varchar(150) NOT NULL);
      INSERT INTO "auth_user" VALUES
        (1, '!nLMDVVUQCrWqHsWdMqWdKN4CPDgDTySSLt7USnAt', NULL, 0, 'u1', '', 'ann@example.com', 0, 1, '2026-11-23 05:10:01.697315', 'Ü'),
        (2, '', '2024-01-15 10:20:30', 0, 'u2', '', 'trail@x.y ', 0, 0, '2026-11-23 05:10:01.761673', '');`,
    codecs: {
      ...{ is_active: FLAG, is_staff: FLAG },
      // A whole second has no fraction, though none is shown by the one column, and one alone by the other.
      ...{ last_login: `${FIXED}, a whole second without`, date_joined: `${FIXED}, a whole second without` },
    },
  },
  {
    ...{ table: 'users', words: 'unknown', email: 'email' },
    setup: `CREATE TABLE IF NOT EXISTS "users" ("id" TEXT NOT NULL PRIMARY KEY, "username" VARCHAR(255) NOT NULL, "email" VARCHAR(255), "password" VARCHAR(255), "active" INTEGER, "admin" INTEGER NOT NULL, "joined_at" DATETIME, "born" DATE, "at" TIME, "stamp" INTEGER, "blob" BLOB, "dec" DECIMAL(10, 5));
      CREATE UNIQUE INDEX "user_username" ON "users" ("username"); CREATE INDEX "user_email" ON "users" ("email");
      INSERT INTO "users" VALUES
        ('00000010000000000000000000000011', 'u1', 'ann@example.com', NULL, 1, 0, '2024-01-15 10:20:30', '2024-01-15', '10:20:30', 1705314030123, X'00FF', 1.5),
        ('00000020000000000000000000000011', 'u2', 'Ann@Example.com', NULL, NULL, 1, '2024-01-15 10:20:30.123456', '0001-01-01', '10:20:30.123456', NULL, NULL, 1.5),
        ('00000030000000000000000000000011', 'u3', NULL, NULL, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL);`,
    codecs: { active: FLAG, admin: FLAG, joined_at: `${FIXED}, a whole second without`, born: 'text like 2024-01-31' },
  },
  {
    ...{ table: 'users', words: 'GORM v1', email: 'email' },
    setup: `CREATE TABLE "users" ("id" integer primary key autoincrement,"created_at" datetime,"updated_at" datetime,"deleted_at" datetime,"email" varchar(200) NOT NULL,"password" varchar(255),"active" bool DEFAULT true,"confirmed_at" datetime,"big" bigint,"raw" blob,"rate" real );
      CREATE INDEX idx_users_deleted_at ON "users"(deleted_at) ; CREATE UNIQUE INDEX uix_users_email ON "users"("email") ;
      INSERT INTO "users" VALUES
        (1, '2026-11-23 05:10:03.596006515+00:00', '2026-11-23 05:10:03.596006515+00:00', '2026-11-23 05:10:03.597243741+00:00', 'ann@example.com', NULL, 1, '2024-07-15 10:20:30.123456789+02:00', 9007199254740993, X'00FF', 0.1),
        (2, '2026-11-23 05:10:03.599144101+00:00', '2026-11-23 05:10:03.599144101+00:00', NULL, 'Ann@Example.com', NULL, 0, '1969-12-31 23:59:59+00:00', NULL, NULL, -0.0),
        (3, '2026-11-23 05:10:03.61+00:00', '2026-11-23 05:10:03.61+00:00', NULL, '😀@example.com', NULL, NULL, '2024-01-15 10:20:30.12+05:45', 1, X'', NULL);`,
    codecs: {
      active: FLAG,
      confirmed_at: `text like 2024-01-31 09:30:00.123456789+02:00`,
      updated_at: 'text like 2024-01-31',
    },
  },
]

/** `npm run verify:interop` has all of them. */
const some = process.env.VERIFY === 'full' ? SETS : SETS.filter(({ words }) => /Django|GORM/.test(words))

const engine: Engine = { dialect: 'sqlite', server: null, open: openFile, pick: (all) => all.sqlite }

describe('tables that other libraries made', () => {
  it.each(some.map((set) => [`${set.words}: ${set.table}`, set] as const))('%s', async (_name, set) => {
    const opened = await openFile(set.setup)
    try {
      const { api, profileId } = opened
      const { table } = set
      const { owner, columns } = await api.tables.describe({ profileId, table })
      expect([owner?.words, owner?.user?.email]).toEqual([set.words, set.email])
      const told = columns.flatMap(({ name, codec }) => (codec ? [[name, inWords(codec)]] : []))
      expect(Object.fromEntries(told)).toMatchObject(
        Object.fromEntries(
          Object.entries(set.codecs).map(([name, words]) => [
            name,
            expect.stringMatching(new RegExp(`^${words.replace(/[+.]/g, '\\$&')}`)) as string,
          ]),
        ),
      )
      const computed = owner?.touches.map(({ column }) => column) ?? []
      const { read, edits, refused } = await exercise({ engine, opened, table, sql: quoted('sqlite', table), computed })
      expect(refused.filter((why) => !/is already used by/.test(why))).toEqual([])
      console.log(`FIGURE other writers ${set.words} ${table}: ${read} read, ${edits} edits, ${refused.length} refused`)
    } finally {
      await opened.close()
    }
  })
})
