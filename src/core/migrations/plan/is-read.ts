// Whether a statement only reads, and whether it reads the schema alone. Whatever is not known to be a read is none.
import type { Dialect } from '../../../shared/profiles.ts'
import { readerOf } from './reader.ts'
import type { Token } from './tokens.ts'

/** Functions that change something, or let something be changed, though they stand in a SELECT. */
const EFFECTS = new RegExp(
  `^(?:${[
    'nextval|setval|set_config|lo_\\w+|lowrite|lo_import|lo_export|dblink\\w*',
    'pg_(?:try_)?advisory\\w*|pg_notify|pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile\\w*|pg_promote',
    'pg_switch_wal|pg_create_\\w+|pg_drop_\\w+|pg_logical_\\w+|pg_replication_\\w+|pg_stat_reset\\w*|pg_wal_replay_\\w+',
    'pg_backup_\\w+|pg_file_\\w+|pg_extension_config_dump|pg_import_system_collations|pg_log_backend\\w*|pg_export_snapshot',
    'query_to_xml\\w*|cursor_to_xml\\w*|txid_current|pg_current_xact_id|brin_\\w+|gin_clean_pending_list',
    'get_lock|release_lock|release_all_locks|master_pos_wait|uuid_short',
    'load_extension|writefile|edit|zipfile|sqlar_\\w+|fts3_tokenizer',
  ].join('|')})$`,
  'i',
)

/** Pragmas that answer about what stands in brackets, and change nothing. */
const ASKING =
  /^(?:table_x?info|table_list|index_list|index_x?info|foreign_key_list|foreign_key_check|integrity_check|quick_check)$/
/** Pragmas that do something without a value. */
const DOING = /^(?:incremental_vacuum|optimize|shrink_memory|wal_checkpoint|writable_schema)$/
/** Pragmas whose answer depends on rows. */
const ROW_PRAGMAS = /^(?:foreign_key_check|integrity_check|quick_check|page_count|freelist_count|data_version)$/

/** What SHOW tells of the schema; all else of MySQL (STATUS, PROCESSLIST) is of the moment. */
const SCHEMA_SHOWN =
  /^(?:full|extended|tables|columns|fields|create|index|indexes|keys|databases|schemas|character|charset|collation|engines|variables|session|global|triggers)$/

export interface ReadKind {
  isRead: boolean
  isCatalogRead: boolean
}

const NONE: ReadKind = { isRead: false, isCatalogRead: false }

/** `tables` are those that the statement touches. */
export function readKind(tokens: readonly Token[], dialect: Dialect, tables: readonly string[]): ReadKind {
  let head = 0
  while (tokens[head]?.kind === 'other' && tokens[head]?.text === '(') head++
  const reader = readerOf(tokens.slice(head))
  const { word } = reader
  if (word === 'pragma') return dialect === 'sqlite' ? pragmaKind(tokens) : NONE
  if (word === 'show') return showKind(tokens, dialect)
  if (word === 'describe' || word === 'desc') return dialect === 'mysql' ? describeKind(tokens, dialect) : NONE
  if (word === 'explain') return explainKind(tokens, dialect)
  if (word === 'table' && dialect !== 'sqlite') return query(tokens, dialect, tables)
  if (word === 'select' || word === 'with' || word === 'values') return query(tokens, dialect, tables)
  return NONE
}

function query(tokens: readonly Token[], dialect: Dialect, tables: readonly string[]): ReadKind {
  if (tokens[0]?.text === 'with' && !endsInQuery(tokens)) return NONE
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    const isCall = next?.kind === 'other' && next.text === '('
    if (isCall && token.kind !== 'other' && EFFECTS.test(token.text)) return NONE
    if (token.kind === 'other' && token.text === ':' && next?.text === '=') return NONE
    if (token.kind !== 'word') continue
    // Into a table, a file or a variable.
    if (token.text === 'into') return NONE
    if (/^(?:insert|update|delete|merge|replace)$/.test(token.text) && isHead(tokens, index)) return NONE
    if (token.text === 'next' && next?.text === 'value') return NONE
    if (token.text === 'procedure' && dialect === 'mysql') return NONE
  }
  return { isRead: true, isCatalogRead: readsCatalogAlone(tokens, tables) }
}

/** What stands behind the definitions of WITH, outside of their brackets. */
function endsInQuery(tokens: readonly Token[]): boolean {
  let depth = 0
  return tokens.some(({ kind, text }) => {
    if (kind === 'other' && text === '(') depth++
    if (kind === 'other' && text === ')') depth--
    return depth === 0 && kind === 'word' && /^(?:select|values|table)$/.test(text)
  })
}

/** True where a statement begins: at the start, behind a bracket, or behind the definitions of WITH. */
function isHead(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  const next = tokens[index + 1]
  if (!before) return true
  if (before.kind !== 'other') return false
  if (before.text === '(') return !(next?.kind === 'other' && next.text === '(')
  return before.text === ')' && (next?.kind === 'word' || next?.kind === 'name')
}

/** Functions that look at no row, for a SELECT that names no table. */
const ROWLESS =
  /^(?:version|current_\w+|session_user|user|database|schema|now|coalesce|nullif|concat|lower|upper|to_reg\w+|pg_get_\w+|pg_\w+_is_visible|has_\w+_privilege|sqlite_\w+|exists|cast|count|length|uuid|gen_random_uuid|connection_id|pg_backend_pid|date|datetime|strftime|unix_timestamp|utc_\w+|array|values|in|and|or|not|as|select|from|where|on)$/i

function readsCatalogAlone(tokens: readonly Token[], tables: readonly string[]): boolean {
  if (tables.length > 0) return tables.every(isCatalog)
  return tokens.every((token, index) => {
    const isCall = tokens[index + 1]?.kind === 'other' && tokens[index + 1]?.text === '('
    return !isCall || token.kind === 'other' || ROWLESS.test(token.text) || /^pragma_/.test(token.text)
  })
}

/** A table of the catalog that tells of the schema. Statistics and sequences tell of rows. */
export function isCatalog(table: string): boolean {
  const name = table.toLowerCase().replace(/^(?:main|temp)\./, '')
  if (/^information_schema\./.test(name)) return true
  if (/^(?:pg_catalog\.)?pg_(?:stat|statio|locks|sequences|cursors|prepared)\w*$/.test(name)) return false
  if (/^(?:pg_catalog\.)?pg_\w+$/.test(name) || /^pg_catalog\./.test(name)) return true
  return /^sqlite_(?:temp_)?(?:master|schema)$/.test(name) || /^pragma_\w+$/.test(name)
}

function pragmaKind(tokens: readonly Token[]): ReadKind {
  const reader = readerOf(tokens)
  reader.next()
  const pragma = (reader.name() ?? []).at(-1)?.toLowerCase() ?? ''
  const isAlone = reader.here === null
  const isAsking = ASKING.test(pragma)
  if (DOING.test(pragma) || (!isAlone && !isAsking)) return NONE
  return { isRead: true, isCatalogRead: !ROW_PRAGMAS.test(pragma) }
}

function showKind(tokens: readonly Token[], dialect: Dialect): ReadKind {
  if (dialect === 'sqlite') return NONE
  if (dialect === 'postgres') return { isRead: true, isCatalogRead: true }
  return { isRead: true, isCatalogRead: SCHEMA_SHOWN.test(tokens[1]?.text ?? '') }
}

function describeKind(tokens: readonly Token[], dialect: Dialect): ReadKind {
  const isQuery = /^(?:select|with|insert|update|delete|replace|format|extended|analyze|table)$/.test(
    tokens[1]?.text ?? '',
  )
  return isQuery && tokens[1]?.kind === 'word' ? explainKind(tokens, dialect) : { isRead: true, isCatalogRead: true }
}

/** With ANALYZE the statement is run. */
function explainKind(tokens: readonly Token[], dialect: Dialect): ReadKind {
  const runs = dialect !== 'sqlite' && tokens.some(({ kind, text }) => kind === 'word' && /^analy[sz]e$/.test(text))
  if (runs) return NONE
  // MySQL's EXPLAIN of a table is DESCRIBE.
  const isTable = dialect === 'mysql' && tokens.length === 2
  return { isRead: true, isCatalogRead: isTable }
}
