// Why an encrypted connection was not accepted, with the certificate that was shown, for both engines alike.
import type { X509Certificate } from 'node:crypto'
import type { PeerCertificate, Place } from '../../../shared/reaching.ts'
import type { Failure } from '../failure.ts'

export class TlsProblem extends Error {
  readonly failure: Failure

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, { cause })
    this.name = 'TlsProblem'
    this.failure = failure
  }
}

/** `code` is Node's or OpenSSL's word where there is one. */
export function refusedPeer(at: Place, shown: X509Certificate, code: string, problem: string): TlsProblem {
  return new TlsProblem({ kind: 'tls', code, message: problem, certificate: describePeer(at, shown, problem) })
}

export function describePeer({ host, port }: Place, shown: X509Certificate, problem: string): PeerCertificate {
  return {
    ...{ host, port, problem },
    subject: inOneLine(shown.subject),
    issuer: inOneLine(shown.issuer),
    names: namesOf(shown),
    validFrom: dateOf(shown.validFrom),
    validTo: dateOf(shown.validTo),
    fingerprint: shown.fingerprint256,
  }
}

/** Node gives a part to each line; a certificate without a subject gives none. */
const inOneLine = (parts: string | undefined) => (parts ?? '').split('\n').filter(Boolean).join(', ')

/** "DNS:db1, IP Address:10.0.0.1" as a list; what holds a comma stands in quotes there. */
export function namesOf({ subjectAltName = '' }: Pick<X509Certificate, 'subjectAltName'>): string[] {
  const entries = subjectAltName.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []
  return entries.map((entry) => entry.trim().replace(/^(?:DNS|IP Address):/, ''))
}

function dateOf(text: string): number | null {
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? null : milliseconds
}

/** What Node and OpenSSL call it, in a sentence. */
export function wordsFor(code: string, at: Place, shown: X509Certificate): string {
  const day = (text: string) => {
    const date = dateOf(text)
    return date === null ? text : new Date(date).toISOString().slice(0, 10)
  }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `The certificate expired on ${day(shown.validTo)}.`
    case 'CERT_NOT_YET_VALID':
      return `The certificate is not valid before ${day(shown.validFrom)}.`
    case 'ERR_TLS_CERT_ALTNAME_INVALID': {
      const names = namesOf(shown)
      const others = names.length === 0 ? 'no name at all' : names.slice(0, 5).join(', ')
      return `The certificate is made out to ${others}, and not to ${at.host}.`
    }
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'The certificate is signed by itself, so that nobody vouches for it.'
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'The certificate is signed by an authority that is not trusted here.'
    case 'CERT_REVOKED':
      return 'The certificate was revoked by its authority.'
    default:
      return `The certificate could not be verified (${code}).`
  }
}
