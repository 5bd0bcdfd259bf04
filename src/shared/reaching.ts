// How a server is reached beyond its host and port: encryption, a tunnel, further nodes; and what a person is shown of the
// certificate or the host key that was refused.
import { z } from 'zod'
// First of all, for the setting it makes: object schemas follow.
import './procedure.ts'

/** Where a password or a passphrase is. The text itself is in no profile. */
export const secretSource = z.discriminatedUnion('kind', [
  /** None is asked for. */
  z.object({ kind: z.literal('none') }),
  /** Asked when the profile is opened, kept in memory until it is closed. */
  z.object({ kind: z.literal('ask') }),
  /** A variable of the process environment, by name, read at every connection. */
  z.object({ kind: z.literal('environment'), variable: z.string().min(1).max(200) }),
  /** Sealed by the system's keychain. */
  z.object({ kind: z.literal('keychain') }),
])
export type SecretSource = z.infer<typeof secretSource>

const none: SecretSource = { kind: 'none' }
const host = z.string().trim().min(1).max(255)
const port = z.number().int().min(1).max(65_535)

export const place = z.strictObject({ host, port })
export type Place = z.infer<typeof place>

export const placeText = (at: Place): string => `${at.host.includes(':') ? `[${at.host}]` : at.host}:${at.port}`

/**
 * - `off`: nothing is encrypted.
 * - `require`: encrypted, but whoever answers is believed. A password never goes out as it is.
 * - `verify-ca`: the certificate was signed by an authority that is trusted; its name may be another one.
 * - `verify`: the authority and the name.
 *
 * There is no way from one of them to a weaker one.
 */
export const tlsMode = z.enum(['off', 'require', 'verify-ca', 'verify'])
export type TlsMode = z.infer<typeof tlsMode>

/** The server is known to be the one that was meant, so that it may be told secrets. A pinned certificate is as good. */
export const isVerified = (mode: TlsMode): boolean => mode === 'verify' || mode === 'verify-ca'

const path = z.string().min(1).max(4096).nullable().default(null)

/** PEM files, by full path; read by the host at every connection, never by a page. */
export const certificateFiles = z.strictObject({
  /** Authorities to trust in place of the system's. */
  ca: path,
  certificate: path,
  key: path,
  /** The passphrase of the key. */
  secret: secretSource.default(none),
})
export type CertificateFiles = z.infer<typeof certificateFiles>

/** SHA-256 of a certificate (DER): "AB:CD:…", 32 bytes. */
export const fingerprint = z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/)

/** A person has looked at this certificate and trusts it, at this place alone, whatever authority and name say. */
export const pin = z.strictObject({ host, port, fingerprint })
export type Pin = z.infer<typeof pin>

export const DEFAULT_SSH_PORT = 22

const sshHop = {
  host,
  port: port.default(DEFAULT_SSH_PORT),
  user: z.string().min(1).max(128),
  /** `agent`: the keys of SSH_AUTH_SOCK. `key`: a file. `password`: also keyboard-interactive with one question. */
  auth: z.enum(['agent', 'key', 'password']),
  /** Full path of a private key (OpenSSH, PEM, PuTTY); for `key` alone. */
  keyFile: path,
  /** The password, or the passphrase of the key. */
  secret: secretSource.default(none),
}
export const sshLogin = z.strictObject(sshHop)
export type SshLogin = z.infer<typeof sshLogin>

/** Connections to the server go through this machine. `jump`: it is reached through another one. */
export const sshSettings = z.strictObject({ ...sshHop, jump: sshLogin.nullable().default(null) })
export type SshSettings = z.infer<typeof sshSettings>

/** What both kinds of server have in their profiles. */
export const reaching = {
  tls: tlsMode.default('off'),
  tlsFiles: certificateFiles.nullable().default(null),
  pins: z.array(pin).max(64).default([]),
  ssh: sshSettings.nullable().default(null),
}

/** A certificate that a server showed, and why it was not accepted. */
export const peerCertificate = z.object({
  host: z.string(),
  port: z.number(),
  /** "CN=db1.example.com, O=Example" */
  subject: z.string(),
  issuer: z.string(),
  /** Names and addresses it is made out to. */
  names: z.array(z.string()),
  /** Milliseconds since 1970; null where the certificate says nothing that can be read. */
  validFrom: z.number().nullable(),
  validTo: z.number().nullable(),
  fingerprint,
  /** What is wrong with it, in one sentence. */
  problem: z.string(),
})
export type PeerCertificate = z.infer<typeof peerCertificate>

/** A host key that an SSH server showed and that is not known, or is another one than before. */
export const seenHostKey = z.object({
  host: z.string(),
  port: z.number(),
  /** "ssh-ed25519" */
  type: z.string(),
  /** As OpenSSH writes it: "SHA256:…" */
  fingerprint: z.string().max(200),
  /** Of the key that was known for this place; null at the first use. */
  known: z.string().nullable(),
  /** Which list knows it: Roster's, or the person's known_hosts. Null at the first use. */
  knownFrom: z.string().nullable(),
})
export type SeenHostKey = z.infer<typeof seenHostKey>
