// Nothing more may be run; what was done before stands in the journal.

export class LockLost extends Error {
  override name = 'LockLost'
  constructor() {
    super(
      'The lock of this run is not held by it any more, so that another run may be under way: the statement was not sent.',
    )
  }
}
