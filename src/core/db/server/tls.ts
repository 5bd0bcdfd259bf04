// TLS for both engines: what is offered, and whether the one who answers is the one who was meant. Nothing of a login is sent
// before that was decided.
import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, TLSSocket, type PeerCertificate, type SecureContextOptions } from 'node:tls'
import { isVerified, type Place } from '../../../shared/reaching.ts'
import type { Login } from './link.ts'
import { trustSystem } from './tls-authorities.ts'
import { ownFiles } from './tls-files.ts'
import { describePeer, refusedPeer, TlsProblem, wordsFor } from './tls-problem.ts'

/** Streams whose other end is known to be the server that was meant, and how that is known. */
const verified = new WeakMap<object, 'verified' | 'pinned'>()

/** True for a stream on which a password may be sent as it is. */
export function isVerifiedPeer(stream: unknown): boolean {
  return typeof stream === 'object' && stream !== null && verified.has(stream)
}

/** "TLS 1.3, certificate verified", for a person. */
export function encryptionOf(stream: unknown): string {
  if (!(stream instanceof TLSSocket)) return 'none'
  const how = verified.get(stream)
  const version = (stream.getProtocol() ?? 'TLS').replace('TLSv', 'TLS ')
  return `${version}, ${how ? `certificate ${how}` : 'not verified'}`
}

/** The password was asked for on an encrypted stream whose other end may be anybody: with the certificate, to be trusted. */
export function notVerified(stream: TLSSocket, at: Place, message: string): TlsProblem {
  const problem = 'The profile encrypts without looking at the certificate (Require), so the password was not sent.'
  const raw = rawOf(stream.getPeerCertificate())
  const certificate = raw && describePeer(at, new X509Certificate(raw), problem)
  return new TlsProblem({ kind: 'unsafe', code: 'ROSTER_NOT_VERIFIED', message, ...(certificate && { certificate }) })
}

/** Throws a TlsProblem when a file of the profile is of no use. */
export function tlsContext(login: Pick<Login, 'tls' | 'certificates'>): SecureContextOptions {
  const own = ownFiles(login.certificates)
  if (isVerified(login.tls) && own.ca === undefined) trustSystem()
  return { ...own, minVersion: 'TLSv1.2' }
}

/**
 * To be called between the handshake and the first byte of the protocol, on a socket that was made without a check of its own
 * (`rejectUnauthorized: false`, an identity that fits anything) and without a resumed session. Throws a TlsProblem with the
 * certificate, unless the peer is what the profile asks for.
 */
export function judgePeer(
  socket: TLSSocket,
  { host, port, tls, pins = [] }: Pick<Login, 'host' | 'port' | 'tls' | 'pins'>,
): void {
  const at = { host, port }
  // Not getPeerX509Certificate, after which Node 24 gives an empty object here and to the driver's channel binding.
  const peer = socket.getPeerCertificate()
  const raw = rawOf(peer)
  if (!raw)
    throw new TlsProblem({ kind: 'tls', code: 'ROSTER_NO_CERTIFICATE', message: 'The server showed no certificate.' })
  const shown = new X509Certificate(raw)
  const pinned = pins.filter((pin) => pin.host === host && pin.port === port)
  if (pinned.length > 0) {
    if (!pinned.some(({ fingerprint }) => fingerprint === shown.fingerprint256))
      throw refusedPeer(
        at,
        shown,
        'ROSTER_PIN',
        'It is another certificate than the one that is trusted for this place.',
      )
    verified.set(socket, 'pinned')
    return
  }
  if (tls === 'require') return
  // Null, or OpenSSL's word, although the types say an error.
  const code = socket.authorized ? '' : codeOf(socket.authorizationError)
  if (code !== '') throw refusedPeer(at, shown, code, wordsFor(code, at, shown))
  const misnamed = tls === 'verify' ? checkServerIdentity(host, peer) : undefined
  if (misnamed) {
    const name = (misnamed as NodeJS.ErrnoException).code ?? 'ERR_TLS_CERT_ALTNAME_INVALID'
    throw refusedPeer(at, shown, name, wordsFor(name, at, shown))
  }
  verified.set(socket, 'verified')
}

/** Without a certificate Node gives an object with nothing in it, although the types say otherwise. */
const rawOf = ({ raw }: Partial<PeerCertificate>) => raw

function codeOf(error: unknown): string {
  if (typeof error === 'string' && error !== '') return error
  const code = (error as NodeJS.ErrnoException | null)?.code
  return code ?? 'UNABLE_TO_VERIFY'
}
