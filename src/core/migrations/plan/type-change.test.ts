// Which changes of a column's type lose something, and which do not.
import { expect, it } from 'vitest'
import { lossOf } from './type-change.ts'

it.each([
  ['character varying(255)', 'varchar(20)', 'postgres'],
  ['text', 'varchar(20)', 'postgres'],
  ['varchar(255)', 'char(1)', 'mysql'],
  ['text', 'varchar(255)', 'mysql'],
  ['longtext', 'text', 'mysql'],
  ['text', 'integer', 'postgres'],
  ['bigint', 'integer', 'postgres'],
  ['int(11)', 'smallint', 'mysql'],
  ['int(11)', 'int unsigned', 'mysql'],
  ['int(10) unsigned', 'int', 'mysql'],
  ['numeric(10,2)', 'numeric(8,2)', 'postgres'],
  ['numeric(10,2)', 'numeric(10,1)', 'postgres'],
  ['decimal(10,2)', 'decimal', 'mysql'],
  ['numeric', 'double precision', 'postgres'],
  ['double precision', 'real', 'postgres'],
  ['integer', 'boolean', 'postgres'],
  ['timestamp without time zone', 'date', 'postgres'],
  ['datetime(6)', 'datetime', 'mysql'],
  ['timestamp with time zone', 'timestamp', 'postgres'],
  ["enum('a','b')", "enum('a','c')", 'mysql'],
  ['uuid', 'varchar(20)', 'postgres'],
  ['bigint', 'varchar(10)', 'postgres'],
] as const)('%s to %s loses something on %s', (from, to, dialect) => {
  expect(lossOf(from, to, dialect)).not.toBeNull()
})

it.each([
  ['character varying(20)', 'VARCHAR(255)', 'postgres'],
  ['character varying(20)', 'text', 'postgres'],
  ['varchar(255)', 'text', 'mysql'],
  ['integer', 'bigint', 'postgres'],
  ['int(11)', 'int', 'mysql'],
  ['int(10) unsigned', 'bigint', 'mysql'],
  ['integer', 'numeric(12,2)', 'postgres'],
  ['integer', 'double precision', 'postgres'],
  ['boolean', 'integer', 'postgres'],
  ['date', 'timestamp', 'postgres'],
  ['timestamp without time zone', 'timestamp(6)', 'postgres'],
  ["enum('a','b')", "enum('a','b','c')", 'mysql'],
  ["enum('a','bb')", 'varchar(2)', 'mysql'],
  ['uuid', 'varchar(36)', 'postgres'],
  ['json', 'jsonb', 'postgres'],
  ['numeric(10,2)', 'numeric', 'postgres'],
] as const)('%s to %s loses nothing on %s', (from, to, dialect) => {
  expect(lossOf(from, to, dialect)).toBeNull()
})
