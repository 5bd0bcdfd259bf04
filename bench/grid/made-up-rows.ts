// The rows of the large tables, as SELECTs of each engine that give the same people: the number of a row decides them all.

/** Rows of one INSERT. */
export const AT_ONCE = 500_000

export const COLUMNS = 'id, email, password, active, fs_uniquifier, confirmed_at'

export const FIRST = (
  'anna Åsa Zoë josé Émile olga Łukasz müge Noël ivan MARIA øyvind Chloé jürgen Siân dana peter ada grace alan ' +
  'Renée lars Žofia björn Inês kim otto Paul quentin rosa'
).split(' ')

export const LAST = (
  'smith Müller García nováková Öztürk jensen O-Neill dupont Åberg lópez Ivanova kowalski schmidt Nguyễn rossi silva ' +
  'Hernández tanaka brown DUBOIS'
).split(' ')

/**
 * Multiplying by one of these modulo a prime (2^31 - 1) gives each row number another number that no other row has, in no order:
 * emails and uniquifiers need no look at what is there already.
 */
const PRIME = 2_147_483_647
const [BY_NAME, BY_TIME, BY_CHANCE] = [1_103_515_245, 1_664_525_009, 742_938_285]

/** The beginning of a hash as Flask-Security writes it; nobody's password. */
const PASSWORD = '$argon2id$v=19$m=65536,t=3,p=4$bWFkZSB1cCBzYWx0$bm9ib2R5cyBwYXNzd29yZA'

/** Microseconds from 2015-01-01 on: over ten years, and for 3 of 10 rows only whole days, so that hundreds share one. */
const SPAN = 315_360_000
const FIRST_SECOND = 1_420_070_400

/** Parameters: from, to. */
export const sqliteRows = `
  with recursive n(i) as (select :from union all select i + 1 from n where i < :to),
  k as (select i, (i * ${BY_NAME}) % ${PRIME} as name, (i * ${BY_TIME}) % ${PRIME} as time, (i * ${BY_CHANCE}) % ${PRIME} as chance from n)
  select i, f.name || '.' || l.name || '.' || k.name || '@' || iif(chance % 3 = 0, 'example.org', 'mail.example.com'),
    iif(chance % 50 = 0, null, '${PASSWORD}'),
    case when chance % 20 = 0 then null when chance % 20 < 3 then 0 else 1 end,
    printf('%08x%08x%08x', k.name, time, chance),
    case when chance % 5 = 0 then null
      when chance % 10 < 4 then strftime('%Y-%m-%d 00:00:00.000000', ${FIRST_SECOND} + time % ${SPAN}, 'unixepoch')
      else strftime('%Y-%m-%d %H:%M:%S', ${FIRST_SECOND} + time % ${SPAN}, 'unixepoch') || printf('.%06d', k.name % 1000000) end
  from k join first_name f on f.n = k.name % ${FIRST.length} join last_name l on l.n = k.name / 100 % ${LAST.length}`

export const postgresRows = (from: number, to: number) => `
  select i, (array[${FIRST.map(quoted).join()}])[1 + name % ${FIRST.length}] || '.'
      || (array[${LAST.map(quoted).join()}])[1 + name / 100 % ${LAST.length}]
      || '.' || name || '@' || case when chance % 3 = 0 then 'example.org' else 'mail.example.com' end,
    case when chance % 50 = 0 then null else '${PASSWORD}' end,
    case when chance % 20 = 0 then null else chance % 20 >= 3 end,
    lpad(to_hex(name), 8, '0') || lpad(to_hex(time), 8, '0') || lpad(to_hex(chance), 8, '0'),
    case when chance % 5 = 0 then null
      when chance % 10 < 4 then date_trunc('day', timestamp '2015-01-01' + (time % ${SPAN}) * interval '1 second')
      else timestamp '2015-01-01' + (time % ${SPAN}) * interval '1 second' + (name % 1000000) * interval '1 microsecond' end
  from (select i, i * ${BY_NAME} % ${PRIME} as name, i * ${BY_TIME} % ${PRIME} as time, i * ${BY_CHANCE} % ${PRIME} as chance
    from generate_series(${from}::bigint, ${to}::bigint) as i) as k`

/** The sequence engine is MariaDB's own. */
export const mysqlRows = (from: number, to: number) => `
  select i, concat(elt(1 + name % ${FIRST.length}, ${FIRST.map(quoted).join()}), '.',
      elt(1 + name div 100 % ${LAST.length}, ${LAST.map(quoted).join()}), '.', name, '@',
      if(chance % 3 = 0, 'example.org', 'mail.example.com')),
    if(chance % 50 = 0, null, '${PASSWORD}'),
    if(chance % 20 = 0, null, chance % 20 >= 3),
    lower(concat(lpad(hex(name), 8, '0'), lpad(hex(time), 8, '0'), lpad(hex(chance), 8, '0'))),
    case when chance % 5 = 0 then null
      when chance % 10 < 4 then timestamp(date(timestamp '2015-01-01 00:00:00' + interval time % ${SPAN} second))
      else timestamp '2015-01-01 00:00:00' + interval time % ${SPAN} second + interval name % 1000000 microsecond end
  from (select seq as i, seq * ${BY_NAME} % ${PRIME} as name, seq * ${BY_TIME} % ${PRIME} as time, seq * ${BY_CHANCE} % ${PRIME} as chance
    from seq_${from}_to_${to}) as k`

function quoted(text: string): string {
  return `'${text}'`
}
