// Failures that this engine names itself, beside those of the server, the driver and the system.

/** What `classify` makes of each is in `errors.ts`. */
export type OwnCode =
  | 'ROSTER_NO_ANSWER' // the limit of an attempt has passed
  | 'ROSTER_NOT_MYSQL' // whatever answers, it is no MySQL
  | 'ROSTER_UNSAFE' // it wants the password, or a file, in a way that gives it away
  | 'ROSTER_NEEDS_KEY' // it wants the password itself, and there is neither TLS nor leave to use the server's key
  | 'ROSTER_SESSION' // the session is not as it was set
  | 'ROSTER_LOST' // the socket has ended
  | 'ROSTER_VALUE' // a value that the server cannot hold as it is
  | 'ROSTER_TRANSACTION' // a statement of the transaction has failed, and COMMIT was not sent
  | 'ROSTER_UNKNOWN' // the server's answer leaves open what was saved

export interface OwnFailure extends Error {
  code: OwnCode
}

export function ownFailure(code: OwnCode, message: string, cause?: unknown): OwnFailure {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code })
}
