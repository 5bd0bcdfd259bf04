// What has to be known of a session to find out later what became of its COMMIT, when its node may be gone by then.
import type { Place } from '../../../shared/reaching.ts'

export interface NodeMark {
  place: Place
  name: string
  /** wsrep_gcomm_uuid; '' where the server is no node of a Galera cluster. */
  uuid: string
  /** As the members' list has it; '' where it is not known. */
  address: string
  /** wsrep_cluster_state_uuid */
  history: string
  /** What the engine itself made of the session. */
  session: string
}

const WORD = 'node'

export function markText({ place, name, uuid, address, history, session }: NodeMark): string {
  const words = [place.host, String(place.port), name, uuid, address, history, session]
  return [WORD, ...words.map(encodeURIComponent)].join(' ')
}

/** Null for a mark that names no node. */
export function readMark(mark: string): NodeMark | null {
  const [word, ...words] = mark.split(' ')
  if (word !== WORD || words.length !== 7) return null
  const [host = '', port = '', name = '', uuid = '', address = '', history = '', session = ''] =
    words.map(decodeURIComponent)
  return { place: { host, port: Number(port) }, name, uuid, address, history, session }
}
