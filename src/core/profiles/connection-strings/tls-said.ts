// How a text says that TLS is to be used, in the words of each library, and the mode of Roster that is not weaker.
import { isAbsolute } from 'node:path'
import type { ConnectionFormat } from '../../../shared/connection-strings.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { CertificateFiles, TlsMode } from '../../../shared/reaching.ts'
import type { Findings } from './dangers.ts'
import { quoted } from './dangers.ts'
import { StringProblem, type Option } from './parsed.ts'
import { meaningOf, type TlsSetting } from './settings-known.ts'

const MODES = new Map<string, TlsMode | 'chance'>([
  ...(['disable', 'disabled', 'false', '0'] as const).map((each) => [each, 'off'] as const),
  ...(['allow', 'prefer', 'preferred'] as const).map((each) => [each, 'chance'] as const),
  ...(['require', 'required', 'trust'] as const).map((each) => [each, 'require'] as const),
  ['verify-ca', 'verify-ca'],
  ...(['verify-full', 'verify-identity', 'true', '1'] as const).map((each) => [each, 'verify'] as const),
])
const ORDER: readonly TlsMode[] = ['off', 'require', 'verify-ca', 'verify']
const stronger = (a: TlsMode | null, b: TlsMode): TlsMode => (a !== null && ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b)
const weaker = (a: TlsMode, b: TlsMode): TlsMode => (ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b)

const isYes = (value: string) => /^(?:true|1|yes|on|t|y|)$/i.test(value)
const isNo = (value: string) => /^(?:false|0|no|off|f|n|none)$/i.test(value)

export interface Where {
  format: ConnectionFormat
  dialect: Dialect
  driver: string | null
  /** Nothing leaves this machine. */
  isLocal: boolean
}

/** Undefined: the text does not say it, or leaves it to chance, or says what was not agreed to. */
export interface SaidTls {
  tls?: TlsMode
  tlsFiles?: CertificateFiles
}

/** Reads every setting about TLS. Throws StringProblem for a mode that is none. */
export function readTls(options: readonly Option[], where: Where, found: Findings): SaidTls {
  let demand: TlsMode | null = null
  let off: Option | null = null
  let chance: Option | null = null
  const caps: TlsMode[] = []
  let isWeakened = false
  const cap = (option: Option, to: TlsMode, what: string) => {
    isWeakened = true
    if (found.consents(option, what)) caps.push(to)
  }
  const files = readFiles(options, found)
  for (const option of options) {
    const meaning = meaningOf(option.key, where.dialect)
    if (meaning.kind !== 'tls') continue
    const said = wordOf(meaning.says, option, where)
    if (said === 'off') off = option
    else if (said === 'chance') chance = option
    else if (said === 'trusts-all') cap(option, 'require', TRUSTS_ALL)
    else if (said === 'any-name') cap(option, files.hasCa ? 'verify-ca' : 'require', ANY_NAME)
    else if (said === 'code') found.never(option, 'It names code to be loaded. Roster loads none.')
    else if (said === 'other') {
      found.never(option, 'It says how TLS is used in a way that Roster does not follow.')
      demand = 'verify'
    } else if (said === 'own') {
      found.note(
        'warn',
        `${quoted(option.key)} names settings that are in the application’s own code. The certificate and its name are checked here.`,
      )
      demand = 'verify'
    } else if (said !== null) demand = stronger(demand, said)
  }
  demand = withFiles(demand, off ?? chance, files, where, isWeakened, found)
  if (isWeakened) demand ??= 'verify'
  const tls = decide({ demand, off, chance, caps }, where, found)
  return { ...(tls !== undefined && { tls }), ...(files.files !== null && tls !== 'off' && { tlsFiles: files.files }) }
}

const TRUSTS_ALL = 'It believes whoever answers: the server’s certificate would not be checked.'
const ANY_NAME = 'It takes a certificate that is made out to another server.'

type Word = TlsMode | 'chance' | 'trusts-all' | 'any-name' | 'code' | 'own' | 'other' | null

function wordOf(says: TlsSetting, { key, value }: Option, { format, dialect, driver }: Where): Word {
  switch (says) {
    case 'mode':
      return modeOf(key, value)
    case 'ssl': {
      if (isNo(value)) return 'off'
      // MySQL's useSSL alone checks nothing; for all others the switch means a check, or Roster cannot know that it does not.
      if (/^requiressl$/i.test(key) && isYes(value)) return 'require'
      if (isYes(value)) return format === 'jdbc' && dialect === 'mysql' && driver !== 'mariadb' ? 'require' : 'verify'
      return MODES.get(plainMode(value)) ?? 'other'
    }
    case 'go':
      if (isNo(value)) return 'off'
      if (isYes(value)) return 'verify'
      if (value.toLowerCase() === 'skip-verify') return 'trusts-all'
      return value.toLowerCase() === 'preferred' ? 'chance' : 'own'
    case 'off':
      return isNo(value) ? null : 'off'
    case 'trust':
      return isNo(value) ? null : 'trusts-all'
    case 'checks-chain':
      return isNo(value) ? 'trusts-all' : key === 'rejectUnauthorized' ? 'verify' : 'verify-ca'
    case 'checks-name':
      return isNo(value) ? 'any-name' : 'verify'
    case 'factory':
      if (/^(?:org\.postgresql\.ssl\.)?NonValidatingFactory$/.test(value)) return 'trusts-all'
      return /^org\.postgresql\.ssl\.(?:LibPQFactory|DefaultJavaSSLFactory)$/.test(value) ? 'verify' : 'code'
  }
}

const plainMode = (value: string) => value.toLowerCase().replaceAll('_', '-')

function modeOf(key: string, value: string): TlsMode | 'chance' {
  const mode = MODES.get(plainMode(value))
  if (mode === undefined) {
    throw new StringProblem(`Its ${key} is not one of disable, allow, prefer, require, verify-ca and verify-full.`)
  }
  return mode
}

interface Files {
  files: CertificateFiles | null
  /** Named, agreed to or not. */
  hasCa: boolean
  hasSystem: boolean
  hasOwn: boolean
}

function readFiles(options: readonly Option[], found: Findings): Files {
  const files: CertificateFiles = { ca: null, certificate: null, key: null, secret: { kind: 'none' } }
  const named = { hasCa: false, hasSystem: false, hasOwn: false }
  let passphrase: Option | null = null
  for (const option of options) {
    const meaning = meaningOf(option.key, 'postgres')
    if (meaning.kind !== 'file') continue
    const { file } = meaning
    if (file === 'passphrase') passphrase = option
    else if (file === 'ca' && option.value === 'system') named.hasSystem = true
    else {
      if (file === 'ca') named.hasCa = true
      else named.hasOwn = true
      if (!isAbsolute(option.value) || /^[\\/]{2}|\p{Cc}/u.test(option.value)) {
        found.never(
          option,
          `${FILE_WORDS[file]} Roster needs its full path on this machine; it can be chosen in the form.`,
        )
      } else if (found.consents(option, FILE_WORDS[file])) files[file] = option.value
    }
  }
  if (passphrase !== null) {
    if (!options.some(({ key }) => meaningOf(key, 'postgres').kind === 'file' && /key$/i.test(key))) {
      found.never(passphrase, 'It is the passphrase of a key that the text does not name.')
    } else if (
      found.consents(passphrase, 'It is the passphrase of the key. Roster would ask for it when it is needed.')
    ) {
      files.secret = { kind: 'ask' }
    }
  }
  const isAny = files.ca !== null || files.certificate !== null || files.key !== null
  return { files: isAny ? files : null, ...named }
}

const FILE_WORDS = {
  ca: 'It names authorities to trust in place of the system’s: a file of this machine that Roster would read.',
  certificate: 'It names a certificate to log in with: a file of this machine that Roster would read.',
  key: 'It names a private key to log in with: a file of this machine that Roster would read.',
}

/** Files ask for a check, where the library then makes one. */
function withFiles(
  demand: TlsMode | null,
  otherwise: Option | null,
  { hasCa, hasSystem, hasOwn }: Files,
  { dialect }: Where,
  isWeakened: boolean,
  found: Findings,
): TlsMode | null {
  if (hasSystem) return 'verify'
  if (dialect === 'postgres' && hasCa && demand === 'require') {
    found.note('note', 'With a file of authorities, libpq’s require checks the certificate: it is read as verify-ca.')
    return 'verify-ca'
  }
  if (demand !== null || isWeakened || otherwise !== null) return demand
  if (dialect === 'mysql' && (hasCa || hasOwn)) return 'verify'
  if (!hasCa) return null
  found.note('note', 'It names authorities and no sslmode. They are read as a wish to check the certificate.')
  return 'verify-ca'
}

interface Said {
  demand: TlsMode | null
  off: Option | null
  chance: Option | null
  caps: readonly TlsMode[]
}

function decide({ demand, off, chance, caps }: Said, { isLocal }: Where, found: Findings): TlsMode | undefined {
  if (demand !== null) {
    if (off !== null)
      found.note('warn', `${quoted(off.key)} switches TLS off, and another setting asks for it. It stays on.`)
    return caps.reduce(weaker, demand)
  }
  if (off !== null) {
    if (isLocal) return 'off'
    // Not left open: the form begins with TLS off, and the person has just not agreed to that.
    return found.consents(off, 'Nothing would be encrypted: whoever listens reads everything.') ? 'off' : 'verify'
  }
  if (chance !== null) {
    found.note(
      'warn',
      `${quoted(chance.key)} leaves it to chance whether TLS is used. Roster does not: choose in the form what is meant.`,
    )
  }
  return undefined
}
