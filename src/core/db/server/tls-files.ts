// The profile's own certificate, key and authorities, looked at before a connection uses them: each fault names its file.
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import type { Certificates } from './link.ts'
import { TlsProblem } from './tls-problem.ts'

const BLOCK = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

/** Throws a TlsProblem: `local` for what cannot be read, `authentication` of the role `certificate` for a wrong passphrase. */
export function ownFiles(certificates: Certificates | undefined): Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> {
  if (!certificates) return {}
  const { ca, certificate, key } = certificates
  if (ca !== null) checkAll('file of authorities (CA)', ca)
  if (certificate === null && key === null) return ca === null ? {} : { ca }
  if (certificate === null || key === null) {
    const missing = certificate === null ? 'client certificate' : 'key of the client certificate'
    throw unusable(`The profile has no ${missing}, and the other of the two.`)
  }
  const [leaf] = checkAll('client certificate', certificate)
  const privateKey = openKey(certificates, key)
  if (!leaf?.checkPrivateKey(privateKey))
    throw unusable('The key of the profile does not belong to its client certificate.')
  const opened = privateKey.export({ type: 'pkcs8', format: 'pem' })
  return { cert: certificate, key: opened, ...(ca !== null && { ca }) }
}

function checkAll(name: string, text: string): X509Certificate[] {
  const blocks = text.match(BLOCK) ?? []
  if (blocks.length === 0) throw unusable(`The ${name} of the profile holds no certificate in PEM form.`)
  return blocks.map((block) => {
    try {
      return new X509Certificate(block)
    } catch (error) {
      throw unusable(`The ${name} of the profile holds a certificate that cannot be read.`, error)
    }
  })
}

function openKey({ passphrase }: Certificates, key: string): KeyObject {
  try {
    return createPrivateKey({ key, ...(passphrase === null ? {} : { passphrase }) })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    // OpenSSL's codes differ: what a wrong passphrase has opened can look like any other file.
    if (/ENCRYPTED/.test(key)) {
      const message =
        passphrase === null
          ? 'The key of the client certificate has a passphrase, and none is given.'
          : 'The passphrase does not open the key of the client certificate.'
      const told = { message, hint: 'Enter the passphrase of the key. It stays on this machine.' }
      throw new TlsProblem({ kind: 'authentication', role: 'certificate', code, message, told }, error)
    }
    throw unusable('The key of the client certificate cannot be read: it is no private key in PEM form.', error)
  }
}

function unusable(message: string, cause?: unknown): TlsProblem {
  const told = { message, hint: 'Choose the file again in the profile.' }
  return new TlsProblem({ kind: 'local', code: 'ROSTER_CERTIFICATE_FILE', message, told }, cause)
}
