// What is printed as a connection string: the address of a server with its login, or the path of a file.
import type { Dialect } from '../../../shared/profiles.ts'
import type { CertificateFiles, Place, TlsMode } from '../../../shared/reaching.ts'

export interface ServerAddress {
  dialect: Exclude<Dialect, 'sqlite'>
  host: string
  port: number
  /** Further ones, of MySQL and MariaDB. */
  nodes: readonly Place[]
  user: string
  /** Null: none is written. */
  password: string | null
  database: string
  tls: TlsMode
  files: CertificateFiles | null
  fetchServerKey: boolean
}
export interface FileAddress {
  dialect: 'sqlite'
  /** A full path. */
  file: string
}
export type Address = ServerAddress | FileAddress

/** `notes`: what the form cannot say, in sentences. */
export interface Printed {
  text: string
  notes: string[]
}

/** The message says which part that form cannot say; it holds no secret. */
export class NotExpressible extends Error {}
