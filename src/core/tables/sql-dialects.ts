// The words of each engine, by its name.
import type { Dialect } from '../../shared/profiles.ts'
import { mysqlSql } from '../db/mysql/sql.ts'
import { postgresSql } from '../db/postgres/sql.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { sqliteSql } from '../db/sqlite/sql.ts'

export const sqlDialects: Readonly<Record<Dialect, SqlDialect>> = {
  sqlite: sqliteSql,
  postgres: postgresSql,
  mysql: mysqlSql,
}
