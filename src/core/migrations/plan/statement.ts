// What is known of a statement by its text alone.

/** Something of the schema. `table` is what a column, an index, a constraint or a trigger belongs to, where it is said. */
export interface SchemaThing {
  /** "table", "column", "view", "index", "schema", "constraint", "type", …: the word of the statement itself. */
  kind: string
  table: string | null
  name: string
}

export interface Rename {
  kind: 'table' | 'column' | 'view' | 'index' | 'other'
  /** Of a column. */
  table: string | null
  from: string
  to: string
}

/** A column that is added or made another. */
export interface ColumnChange {
  table: string
  column: string
  /**
   * `redefine`: MySQL's MODIFY and CHANGE, which leave out what they do not repeat. `type`: ALTER COLUMN … TYPE.
   */
  how: 'add' | 'redefine' | 'type' | 'set-not-null' | 'drop-default' | 'set-default' | 'drop-not-null'
  /** As it is written, in lower case: "varchar(20)". Null where the statement says none. */
  type: string | null
  isNotNull: boolean
  /** A default, or a value that the engine makes itself (identity, generated, auto_increment, serial). */
  hasDefault: boolean
  /** The words behind the type, in lower case and with blanks between. */
  words: string
}

export interface StatementReading {
  /** Its first words in lower case: "select", "create table", "create temporary table", "begin"; '' for an empty text. */
  verb: string
  /** True only when it is known to change nothing. */
  isRead: boolean
  /** A read whose answer depends on the schema and on no row. */
  isCatalogRead: boolean
  /** Creates, drops, alters or renames something, or empties a table; MySQL and MariaDB commit at it. */
  isSchemaChange: boolean
  /** Begins or ends a transaction or a savepoint, or sets something for the session. Changes neither rows nor schema. */
  isSession: boolean
  /** Tables and views that it touches, unquoted, with the schema where it is written: "users", "app.users". */
  tables: string[]
  creates: SchemaThing[]
  /** Of a new table: its columns; null where the text does not name them (LIKE, AS SELECT). */
  newColumns: string[] | null
  /** IF NOT EXISTS: what it creates may be there already, and then it does nothing. */
  ifMissing: boolean
  drops: SchemaThing[]
  renames: Rename[]
  columns: ColumnChange[]
  /** A WHERE, a LIMIT or a GROUP BY stands in it: not every row is meant. */
  hasCondition: boolean
  /** What is lost by it whatever the schema is, in words; null when nothing is. Types are compared in `column-changes.ts`. */
  destructive: string | null
  /** What else to know of it, in words. */
  notes: string[]
  /** Why the engine refuses it inside a transaction, in words; null when it does not. */
  cannotRunInTransaction: string | null
  /** Names that say their schema, as they are in `tables` or among functions. Those of the catalog are left out. */
  qualified: string[]
}

export function emptyReading(verb: string): StatementReading {
  return {
    verb,
    isRead: false,
    isCatalogRead: false,
    isSchemaChange: false,
    isSession: false,
    tables: [],
    creates: [],
    newColumns: null,
    ifMissing: false,
    drops: [],
    renames: [],
    columns: [],
    hasCondition: false,
    destructive: null,
    notes: [],
    cannotRunInTransaction: null,
    qualified: [],
  }
}
