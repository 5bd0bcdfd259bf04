// Functions of the engines that change nothing. One of somebody's own may write, though it is called in a SELECT: a resumed run
// does not call it twice.
import type { Dialect } from '../../../shared/profiles.ts'
import { tokensOf } from '../plan/tokens.ts'

/** What may stand before a bracket: words of SQL, then functions. */
const KNOWN = new RegExp(
  `^(?:${[
    'in|and|or|not|as|select|from|where|on|using|join|by|having|when|then|else|case|values|union|all|any|some|exists|over',
    'filter|within|group|like|between|is|with|lateral|limit|offset|distinct|materialized|interval|array|row|rows|range|key',
    'except|intersect|partition|index|extract|cast|convert|char|varchar|decimal|numeric|timestamp|time|bit|binary',
    'count|sum|min|max|avg|total|bool_and|bool_or|every|string_agg|group_concat|array_\\w+|json_\\w+|jsonb_\\w+|unnest',
    'row_number|rank|dense_rank|ntile|lag|lead|first_value|last_value|generate_series|coalesce|ifnull|nullif|if|iif',
    'greatest|least|lower|upper|l?trim|rtrim|btrim|concat|concat_ws|length|char_length|character_length|octet_length',
    'substr|substring|left|right|replace|regexp_replace|regexp_match\\w*|split_part|position|strpos|instr|locate|lpad|rpad',
    'reverse|repeat|format|to_char|to_date|to_timestamp|to_json|to_jsonb|abs|ceil|ceiling|floor|round|mod|power|sqrt|sign',
    'now|current_\\w+|localtime\\w*|date|datetime|strftime|julianday|unixepoch|date_\\w+|age|year|month|day|hour|minute',
    'second|unix_timestamp|from_unixtime|utc_\\w+|version|database|schema|user|session_user|connection_id',
    'to_reg\\w+|pg_get_\\w+|pg_\\w+_is_visible|has_\\w+_privilege|format_type|quote|quote_ident|quote_literal|typeof',
    'obj_description|col_description|pg_backend_pid|pg_sleep|sleep|pg_\\w*size\\w*|md5|sha1|sha2|sha256|encode|decode|hex|unhex',
    'uuid|gen_random_uuid|random|rand|pragma_\\w+',
  ].join('|')})$`,
)

/** False as well where a name in quotes or behind a dot stands before a bracket. */
export function callsOnlyKnown(sql: string, dialect: Dialect): boolean {
  const { list } = tokensOf(sql, dialect)
  return list.every(({ kind, text }, index) => {
    const next = list[index + 1]
    if (next?.kind !== 'other' || next.text !== '(') return true
    if (kind === 'word') return KNOWN.test(text.toLowerCase())
    return kind !== 'name'
  })
}

const OF_SESSION =
  /\b(?:last_insert_id|row_count|found_rows|last_insert_rowid|changes|total_changes|lastval|currval)\s*\(|@@(?:session\s*\.\s*)?(?:identity|last_insert_id|insert_id)\b/i

/** Asks the session what a statement before it has done: in another session the answer is another, and no error. */
export const asksForLast = (sql: string) => OF_SESSION.test(sql)
