// The nodes of a cluster as they are typed or pasted: "db1", "db2:3307", "[fd00::1]:3306", one or many of them.
import type { Place } from '../../../shared/reaching.ts'

/** Each node of a text that names several, as it stands there: "db1, db2:3307". */
export function nodesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((each) => each !== '')
}

/** The place that a text names; null when it names none. `usualPort` is for a text without one. */
export function placeIn(text: string, usualPort: number): Place | null {
  const typed = text.trim()
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(typed)
  // An IPv6 address without brackets has more than one colon, and no port.
  const isBareAddress = /^[0-9a-f:.]+(%\w+)?$/i.test(typed) && typed.split(':').length > 2
  const plain = isBareAddress ? null : /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(typed)
  const [, host = isBareAddress ? typed : '', portText] = bracketed ?? plain ?? []
  const port = portText === undefined ? usualPort : Number(portText)
  if (!isHost(host) || !(port >= 1 && port <= 65_535)) return null
  return { host, port }
}

/** A name or an address, not a URL and not a user at a host. */
export function isHost(text: string): boolean {
  return text !== '' && text.length <= 255 && !/[\s/@\\?#,;]/.test(text)
}
