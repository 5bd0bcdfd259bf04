// The words of each engine, by its name.
import type { Dialect } from '../../shared/profiles.ts'
import { mysqlSql } from './mysql/sql.ts'
import { postgresSql } from './postgres/sql.ts'
import type { SqlDialect } from './sql-dialect.ts'
import { sqliteSql } from './sqlite/sql.ts'

export const sqlDialects: Readonly<Record<Dialect, SqlDialect>> = {
  sqlite: sqliteSql,
  postgres: postgresSql,
  mysql: mysqlSql,
}
