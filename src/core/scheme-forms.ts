// Every form of password hash that Roster tells apart, as a regular expression and for SQL's LIKE, and which of them are weak.

/** Texts that belong together. */
export interface Form {
  pattern: RegExp
  /**
   * For SQL, with `!` as the escape character (`like ? escape '!'`): any of them. As near as LIKE can tell: letters may be
   * compared without case, and of most places only that something stands there.
   */
  like: readonly string[]
  /** What `like` finds too and is not of it. */
  unlike?: readonly string[]
}

export interface SchemeForm extends Form {
  /** As `schemeOf` answers. */
  name: string
  /** Null where it is not weak; without `form` every hash of the scheme is. `why`: a sentence. */
  weak: { why: string; form?: Form } | null
}

const B64 = '[A-Za-z0-9+/]+'
const ADAPTED = '[./A-Za-z0-9]'
const DIGEST = '(md5|sha1|sha224|sha256|sha384|sha512)'
const DIGESTS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']
const FAST = 'It is one round of a fast digest: billions of passwords can be tried in a second.'
const FEW = 'It takes fewer than 10,000 rounds, which NIST SP 800-63B asks for at least.'
const OLD = 'It is so old that every password of its time can be tried.'
/** What a hash of letters and digits alone has none of. */
const NO_WORD = ['% %', '%$%', '%@%', '%!!%', '%-%', '%#%', '%:%', '%!_%', '%,%', '%*%', '%?%', '%+%', '%&%']
const NO_HEX = [...NO_WORD, ...[...'ghijklmnopqrstuvwxyz'].map((letter) => `%${letter}%`), '%.%', '%/%']

/** As many places of any kind. */
const places = (count: number) => '_'.repeat(count)

const form = (pattern: string, like: readonly string[], unlike?: readonly string[]): Form => ({
  pattern: new RegExp(`^${pattern}$`),
  like,
  ...(unlike && { unlike }),
})

/** Counts of rounds with up to four digits, where a pattern has a hash sign. */
const fewRounds = (pattern: string, like: string) => ({
  why: FEW,
  form: form(
    pattern.replace('#', '\\d{1,4}'),
    [1, 2, 3, 4].map((digits) => like.replace('#', places(digits))),
  ),
})

const argon2 = (name: string, pattern: string, like: string): SchemeForm => ({
  name,
  ...form(`${pattern}\\$(v=\\d+\\$)?m=\\d+,t=\\d+,p=\\d+\\$${B64}\\$${B64}`, [`${like}$%m=%,t=%,p=%$_%$_%`]),
  weak: null,
})

const bcrypt = (name: string, before: string, like: string): SchemeForm => ({
  name,
  ...form(`${before}\\$2[abxy]?\\$\\d\\d\\$${ADAPTED}{53}`, [
    `${like}$2_$__$${places(53)}`,
    `${like}$2$__$${places(53)}`,
  ]),
  weak: {
    why: 'Its cost is less than 10: a password is tried in some milliseconds.',
    form: form(`${before}\\$2[abxy]?\\$0\\d\\$.*`, [`${like}$2_$0_$%`, `${like}$2$0_$%`]),
  },
})

const passlib = (name: string, digest: string): SchemeForm => ({
  name,
  ...form(`\\$pbkdf2${digest}\\$\\d+\\$${ADAPTED}*\\$${ADAPTED}+`, [`$pbkdf2${digest}$%$%$_%`]),
  weak: fewRounds(`\\$pbkdf2${digest}\\$#\\$.*`, `$pbkdf2${digest}$#$%`),
})

const shaCrypt = (name: string, digit: string, length: number): SchemeForm => ({
  name,
  ...form(`\\$${digit}\\$(rounds=\\d+\\$)?[^$]{0,16}\\$${ADAPTED}{${length}}`, [`$${digit}$%$${places(length)}`]),
  weak: {
    why: FEW,
    form: form(`\\$${digit}\\$(?!rounds=\\d{5}).*`, [`$${digit}$%`], [`$${digit}$rounds=_____%$%$%`]),
  },
})

/** The first that a text matches is its scheme; the same order holds in SQL. */
export const SCHEMES: readonly SchemeForm[] = [
  argon2('argon2id', '\\$argon2id', '$argon2id'),
  argon2('argon2i', '\\$argon2i', '$argon2i'),
  argon2('argon2d', '\\$argon2d', '$argon2d'),
  bcrypt('bcrypt', '', ''),
  {
    name: 'bcrypt-sha256',
    ...form(`\\$bcrypt-sha256\\$(2[ab],\\d+|v=2,t=2[ab],r=\\d+)\\$${ADAPTED}{22}\\$${ADAPTED}{31}`, [
      `$bcrypt-sha256$%$${places(22)}$${places(31)}`,
    ]),
    weak: null,
  },
  passlib('pbkdf2-sha512', '-sha512'),
  passlib('pbkdf2-sha256', '-sha256'),
  passlib('pbkdf2-sha1', ''),
  shaCrypt('sha512-crypt', '6', 86),
  shaCrypt('sha256-crypt', '5', 43),
  {
    name: 'scrypt',
    ...form(`\\$scrypt\\$ln=\\d+,r=\\d+,p=\\d+\\$${B64}\\$${B64}`, ['$scrypt$ln=%,r=%,p=%$%$_%']),
    weak: null,
  },
  {
    name: 'md5-crypt',
    ...form(`\\$(1|apr1)\\$[^$]{0,8}\\$${ADAPTED}{22}`, [`$1$%$${places(22)}`, `$apr1$%$${places(22)}`]),
    weak: { why: OLD },
  },
  {
    name: 'werkzeug-scrypt',
    ...form('scrypt:\\d+:\\d+:\\d+\\$[A-Za-z0-9]+\\$[0-9a-f]{128}', [`scrypt:%:%:%$_%$${places(128)}`]),
    weak: null,
  },
  {
    name: 'werkzeug-pbkdf2',
    ...form('pbkdf2:[a-z0-9_]+(:\\d+)?\\$[A-Za-z0-9]+\\$[0-9a-f]+', ['pbkdf2:%$_%$_%']),
    weak: fewRounds('pbkdf2:[a-z0-9_]+:#\\$.*', 'pbkdf2:%:#$%'),
  },
  {
    name: 'crypt-pbkdf2',
    ...form(`pbkdf2\\(\\d+,\\d+,${DIGEST}\\)\\$[^$]*\\$[0-9a-f]+`, ['pbkdf2(%,%,%)$%$_%']),
    weak: fewRounds('pbkdf2\\(#,.*', 'pbkdf2(#,%'),
  },
  {
    name: 'crypt-digest',
    ...form(
      `${DIGEST}\\$[^$]*\\$[0-9a-f]+`,
      DIGESTS.map((digest) => `${digest}$%$_%`),
    ),
    weak: { why: FAST },
  },
  {
    name: 'django-pbkdf2',
    ...form('pbkdf2_sha(256|1)\\$\\d+\\$[^$]+\\$[A-Za-z0-9+/]+=*', ['pbkdf2!_sha256$%$_%$_%', 'pbkdf2!_sha1$%$_%$_%']),
    weak: fewRounds('pbkdf2_sha(256|1)\\$#\\$.*', 'pbkdf2!_sha%$#$%$%'),
  },
  {
    name: 'django-scrypt',
    ...form('scrypt\\$\\d+\\$[^$]+\\$\\d+\\$\\d+\\$[A-Za-z0-9+/]+=*', ['scrypt$%$_%$%$%$_%']),
    weak: null,
  },
  argon2('django-argon2', 'argon2\\$argon2(id|i|d)', 'argon2$argon2%'),
  bcrypt('django-bcrypt', 'bcrypt(_sha256)?\\$', 'bcrypt%$'),
  {
    // Django's own: 40 letters that nobody chose, with which nobody logs in.
    name: 'django-unusable',
    ...form(
      '![A-Za-z0-9]{40}',
      [`!!${places(40)}`],
      NO_WORD.filter((like) => like !== '%!!%'),
    ),
    weak: null,
  },
  {
    name: 'hex-digest',
    ...form(
      '([0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})',
      [32, 40, 56, 64, 96, 128].map(places),
      NO_HEX,
    ),
    weak: { why: `${FAST} There is no salt: equal passwords have equal hashes.` },
  },
  {
    // Its last letter holds four bits alone.
    name: 'des-crypt',
    ...form(
      `${ADAPTED}{12}[.26AEIMQUYcgkosw]`,
      [...'.26AEIMQUYcgkosw'].map((last) => `${places(12)}${last}`),
      NO_WORD,
    ),
    weak: { why: OLD },
  },
]

/** Beginnings of hashes: a text that begins so and is none of them was cut off, or is damaged. */
export const DAMAGED: SchemeForm = {
  name: 'damaged',
  ...form(
    `(\\$(argon2(id|i|d)|2[abxy]?|pbkdf2(-\\w+)?|bcrypt-sha256|scrypt|1|5|6|apr1)\\$|pbkdf2[:(]|pbkdf2_sha|scrypt[:$]|argon2\\$argon2|bcrypt(_sha256)?\\$\\$?2|${DIGEST}\\$)[^]*`,
    [
      ...['argon2id', 'argon2i', 'argon2d', '2_', '2', 'pbkdf2', 'pbkdf2-%', 'bcrypt-sha256', 'scrypt'].map(
        (name) => `$${name}$%`,
      ),
      ...['1', '5', '6', 'apr1'].map((name) => `$${name}$%`),
      ...['pbkdf2:%', 'pbkdf2(%', 'pbkdf2!_sha%', 'scrypt:%', 'scrypt$%', 'argon2$argon2%', 'bcrypt%$2%'],
      ...DIGESTS.map((digest) => `${digest}$%`),
    ],
  ),
  weak: null,
}
