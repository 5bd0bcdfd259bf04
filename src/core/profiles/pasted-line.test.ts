// A connection string is found in the line that it was pasted with, and texts that are one themselves stay whole.
import { expect, test } from 'vitest'
import { pastedLine } from './pasted-line.ts'

test.each([
  ['SHOP_URL=postgres://u:p@h/d', 'postgres://u:p@h/d', 'SHOP_URL'],
  [`export SHOP_URL="postgres://u:p@h/d?a=b"`, 'postgres://u:p@h/d?a=b', 'SHOP_URL'],
  ['url: jdbc:mysql://h/d', 'jdbc:mysql://h/d', 'url'],
  ['dsn := "u:p@tcp(h:3306)/d?charset=utf8mb4"', 'u:p@tcp(h:3306)/d?charset=utf8mb4', 'dsn'],
  ['dsn := "host=h user=u password=p dbname=d TimeZone=UTC",', 'host=h user=u password=p dbname=d TimeZone=UTC', 'dsn'],
  ["engine = create_engine('sqlite:///a.db', echo=True)", 'sqlite:///a.db', null],
  [`app.config["SQLALCHEMY_DATABASE_URI"] = "mysql+pymysql://u:p@h/d"`, 'mysql+pymysql://u:p@h/d', null],
  ["db = DAL('sqlite://storage.sqlite',\n  folder='databases')", 'sqlite://storage.sqlite', null],
  ['psql "postgresql://u:p@h/d"', 'postgresql://u:p@h/d', null],
  ["'postgresql://u:p@h/d'", 'postgresql://u:p@h/d', null],
])('%s', (line, text, name) => {
  expect(pastedLine(line)).toEqual({ text, name })
})

test.each([
  'postgresql://u:p@h/d?options=%2Dc&a="mysql://x@y/z"',
  'postgres:psycopg2://u:p@h/d',
  'jdbc:mysql:loadbalance://h/d?user=u',
  `host=h dbname=d password='postgres://u:p@h/d' TimeZone=UTC`,
  `user:a"postgres://b"@tcp(h)/d`,
  'sqlite:memory',
  'C:\\data\\a.db',
  'a.db',
  `copy('postgres://u@a/d', 'postgres://u@b/d')`,
])('%s is read whole', (text) => {
  expect(pastedLine(text)).toBeNull()
})
