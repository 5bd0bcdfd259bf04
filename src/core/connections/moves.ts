// The state of a connection with the last change of the node that is written, where its server is a cluster.
import type { ConnectionState } from '../../shared/connections.ts'
import type { Connection } from './connection.ts'

export function withMoves(connection: Connection): Connection {
  return {
    ...connection,
    get state(): ConnectionState {
      const { state } = connection
      const moved = state.state === 'open' ? connection.present()?.lastMove() : null
      return state.state === 'open' && moved ? { ...state, moved } : state
    },
  }
}
