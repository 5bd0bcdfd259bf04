// A server that is given by address: databases of its own, names that do not meet, nothing that is not ours to do.
import { afterEach, expect, it, vi } from 'vitest'
import { runSql } from './admin.ts'
import { startMariadb } from './mariadb.ts'
import { describeWithMariadb, describeWithPostgres } from './missing.ts'
import { startPostgres } from './postgres.ts'

const OWN = { own: true }

afterEach(() => vi.unstubAllEnvs())

describeWithPostgres(
  'a given PostgreSQL',
  (server) => {
    it('hands out databases and roles that do not meet, and takes them back', async () => {
      vi.stubEnv('ROSTER_TEST_POSTGRES', server().url.replace('postgresql:', 'postgres:'))
      const [one, two] = [await startPostgres(), await startPostgres()]
      expect([one.isOwn, one.port, one.pid, one.version]).toEqual([false, server().port, null, server().version])
      expect(one.database).not.toBe(two.database)
      await one.admin('CREATE TABLE only_here (a int)')
      await expect(two.admin('SELECT * FROM only_here')).rejects.toThrow(/exist/)
      const [reader, other] = [one.unique('reader'), two.unique('reader')]
      expect(reader).not.toBe(other)
      await one.admin(`CREATE ROLE ${reader} LOGIN PASSWORD 'a'`)
      expect(await runSql({ ...one, user: reader, password: 'a' }, 'SELECT current_user')).toEqual([[reader]])
      await expect(one.kill()).rejects.toThrow('ROSTER_TEST_POSTGRES gave this server')
      await Promise.all([one.end(), two.end()])
      expect(await server().admin(`SELECT datname FROM pg_database WHERE datname LIKE 'roster%'`)).toEqual([])
      expect(await server().admin(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'reader%'`)).toEqual([])
    })
  },
  OWN,
)

describeWithMariadb(
  'a given MariaDB',
  (server) => {
    it('hands out a database and users, and takes them back', async () => {
      vi.stubEnv('ROSTER_TEST_MYSQL', server().url)
      const one = await startMariadb()
      const reader = one.unique('reader')
      await one.admin(`CREATE USER ${reader} IDENTIFIED BY 'a'; GRANT ALL ON ${one.database}.* TO ${reader}`)
      expect(await runSql({ ...one, user: reader, password: 'a' }, 'SELECT database()')).toEqual([[one.database]])
      await expect(one.pause()).rejects.toThrow('ROSTER_TEST_MYSQL gave this server')
      await one.end()
      expect(await server().admin(`SHOW DATABASES LIKE 'roster\\_%'`)).toEqual([])
      expect(await server().admin(`SELECT user FROM mysql.user WHERE user LIKE 'reader%'`)).toEqual([])
    })
  },
  OWN,
)
