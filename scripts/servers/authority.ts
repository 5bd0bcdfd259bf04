// A certificate authority for tests, made with openssl in a folder of its own: valid, expired, wrong names, self-signed.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Issued {
  /** PEM files; a server that runs as a system account can read them too. */
  files: { cert: string; key: string }
  cert: string
  key: string
}

export interface IssueOptions {
  /** "DNS:localhost,IP:127.0.0.1"; both unless told. */
  names?: string
  /** The subject's common name; localhost unless told. */
  commonName?: string
  /** As openssl writes it: "20200101000000Z". From a day ago to a day from now unless told. */
  from?: string
  to?: string
  /** Encrypts the key. */
  passphrase?: string
}

export interface Authority {
  /** PEM, and the file that holds it. */
  ca: string
  caFile: string
  issue(name: string, options?: IssueOptions): Issued
  /** Signed by itself: nobody vouches for it. */
  selfSigned(name: string, options?: Pick<IssueOptions, 'names' | 'commonName'>): Issued
  [Symbol.dispose](): void
}

const DAY = 86_400_000
const at = (milliseconds: number) => `${new Date(milliseconds).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
const openssl = (args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' })

/** Null, or why there is none. */
export function whyNoAuthority(): string | null {
  try {
    openssl(['version'])
    return null
  } catch {
    return 'openssl is not there. Install it (Debian: apt-get install openssl)'
  }
}

/** Throws where openssl is not there, and says how to get it. */
export function makeAuthority(commonName = 'Roster test authority'): Authority {
  const missing = whyNoAuthority()
  if (missing !== null) throw new Error(missing)
  const folder = mkdtempSync(join(tmpdir(), 'roster-authority-'))
  chmodSync(folder, 0o755)
  const file = (name: string) => join(folder, name)
  const caFile = file('ca.pem')
  const ofCa = ['-x509', ...EC, '-nodes', '-days', '2', '-subj', `/CN=${commonName}`]
  openssl(['req', ...ofCa, '-keyout', file('ca.key'), '-out', caFile])
  const config = `[ca]\ndefault_ca=own\n[own]\ndatabase=${file('index')}\nnew_certs_dir=${folder}\nrand_serial=yes\n`
  const policy = 'default_md=sha256\npolicy=any\nunique_subject=no\ncopy_extensions=copy\n[any]\ncommonName=supplied\n'
  writeFileSync(file('ca.cnf'), config + policy)
  writeFileSync(file('index'), '')

  function read(name: string): Issued {
    const files = { cert: file(`${name}.pem`), key: file(`${name}.key`) }
    chmodSync(files.key, 0o644)
    return { files, cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
  }
  const subjectOf = ({ commonName: own = 'localhost', names = 'DNS:localhost,IP:127.0.0.1' }: IssueOptions) => [
    ...['-subj', `/CN=${own}`],
    ...(names === '' ? [] : ['-addext', `subjectAltName=${names}`]),
  ]

  return {
    ca: readFileSync(caFile, 'utf8'),
    caFile,
    issue(name, options = {}) {
      if (existsSync(file(`${name}.pem`))) throw new Error(`${name} was issued before.`)
      const { passphrase, from = at(Date.now() - DAY), to = at(Date.now() + DAY) } = options
      const key = passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`]
      const request = file(`${name}.csr`)
      openssl(['req', '-new', ...EC, ...key, ...subjectOf(options), '-keyout', file(`${name}.key`), '-out', request])
      const signed = ['-cert', caFile, '-keyfile', file('ca.key'), '-startdate', from, '-enddate', to]
      openssl([
        'ca',
        '-batch',
        '-notext',
        '-config',
        file('ca.cnf'),
        ...signed,
        '-in',
        request,
        '-out',
        file(`${name}.pem`),
      ])
      return read(name)
    },
    selfSigned(name, options = {}) {
      const own = ['-x509', ...EC, '-nodes', '-days', '1', ...subjectOf(options)]
      openssl(['req', ...own, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)])
      return read(name)
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
