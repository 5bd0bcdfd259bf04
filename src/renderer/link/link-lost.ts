// The error of a call whose connection to the host was lost: it may or may not have been carried out.

export class LinkLost extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'LinkLost'
  }
}

/** True for a call that failed because the host could not be reached, not because of what was asked. */
export function isLinkLost(error: unknown): error is LinkLost {
  return error instanceof LinkLost
}
