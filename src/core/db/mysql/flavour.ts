// Where MySQL 8 and MariaDB differ, in one place. Everything else in this folder holds for both.
//
// Not here because nothing has to differ: widths in `int(11)` (kinds are found by the type's name), collations (named only
// where both servers have them), sequences of JSON functions (none is used), RETURNING (MariaDB alone has it: new keys are
// learnt from the driver on both), PROCESSLIST in information_schema (both have it).

/** "MariaDB 10.11.19", "MySQL 8.4.0". `version` is VERSION(), which says MariaDB in its own way. */
export function productOf(version: string): string {
  // Through old proxies MariaDB puts "5.5.5-" before its own number.
  const number = /^(?:5\.5\.5-)?(\d+\.\d+\.\d+)/.exec(version)?.[1] ?? version
  return `${isMariadb(version) ? 'MariaDB' : 'MySQL'} ${number}`
}

export const isMariadb = (version: string) => /mariadb/i.test(version)

/**
 * The default's SQL text, or null. MariaDB tells it as SQL, with the word NULL for none; MySQL 8 tells a text's letters
 * without quotes, and says apart whether it is an expression.
 */
export function defaultText(isMaria: boolean, told: string | null, extra: string, type: string): string | null {
  if (told === null) return null
  if (isMaria) return told === 'NULL' ? null : told
  if (/DEFAULT_GENERATED/i.test(extra) || /^(CURRENT_TIMESTAMP|b')/i.test(told)) return told
  return /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year|bit)\b/i.test(type)
    ? told
    : `'${told.replaceAll("'", "''")}'`
}

/** The column of STATISTICS that says "YES" for an index which the server does not use. */
export const unusedIndex = (isMaria: boolean) => (isMaria ? 'IGNORED' : "IF(IS_VISIBLE = 'NO', 'YES', 'NO')")

/**
 * Columns of a table that were declared as JSON, which MariaDB keeps as longtext with a check. Null on MySQL 8, where JSON is a
 * type of its own. Takes the table's name.
 */
export const jsonColumns = (isMaria: boolean) =>
  isMaria
    ? `SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
       WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = ? AND LEVEL = 'Column'`
    : null

/** The column of STATISTICS with what an index is over, where that is no column. MariaDB has no such indexes. */
export const indexExpression = (isMaria: boolean) => (isMaria ? 'NULL' : 'EXPRESSION')
