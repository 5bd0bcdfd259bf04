// The browser door: a socket to the host that is opened again whenever it drops, for as long as the page is there.
import { setWire } from './calls.ts'
import { LinkLost } from './link-lost.ts'
import { setLinkState } from './link-state.ts'
import { exchange, forgetSecret, keptSecret, REFUSED, takeToken } from './session.ts'
import { createWire } from './wire.ts'

const FIRST_WAIT = 100
const LONGEST_WAIT = 1_000
/** After a minute of tries, one every 5 s is enough. */
const IMPATIENT_FOR = 60_000
const SLOW_WAIT = 5_000
/** A host on this machine that does not answer a try by then is busy or stopped; the next try may find it well. */
const ANSWER_WITHIN = 5_000
/** The host takes frames of up to 32 MB, and closes the socket on a larger one: that would end every other call too. */
const FRAME_LIMIT = 32 * 1024 * 1024
/** Close code of a host that does not know the session. */
const UNKNOWN_SESSION = 4401

const LOST = 'The connection to Roster was lost; what you have not saved stays here.'

let token: string | null = null
let attempt = 0
let lostSince = 0
let timer: ReturnType<typeof setTimeout> | undefined
let isTrying = false
let isOpen = false

/** Opens the socket, and keeps it open. */
export function startSocketLink(): void {
  token = takeToken()
  addEventListener('hashchange', () => {
    // A fresh link was opened in this very tab. While the session works, it is left for another page.
    const fresh = takeToken()
    if (fresh === null || isOpen) return
    token = fresh
    retrySocket()
  })
  void connect()
}

/** Tries at once instead of when the wait is over. */
export function retrySocket(): void {
  clearTimeout(timer)
  if (!isTrying && !isOpen) void connect()
}

async function connect(): Promise<void> {
  isTrying = true
  const isFirst = attempt === 0 && lostSince === 0
  const message = isFirst ? 'Connecting to Roster.' : LOST
  setLinkState({ state: isFirst ? 'connecting' : 'lost', attempt, nextTryAt: null, message })
  try {
    const secret = await session()
    if (secret === null) return refuse()
    open(secret)
  } catch {
    tryAgain()
  }
}

async function session(): Promise<string | null> {
  if (token !== null) {
    const secret = await exchange(token)
    token = null
    // A link that was opened twice is no reason to drop a session that works.
    if (secret !== null) return secret
  }
  return keptSecret()
}

function open(secret: string): void {
  const address = new URL('/socket', location.href)
  address.protocol = 'ws:'
  const socket = new WebSocket(address)
  const wire = createWire((frame) => {
    if (frame.length > FRAME_LIMIT / 3 && new Blob([frame]).size > FRAME_LIMIT) {
      throw new RangeError('More than 32 MB cannot be sent at once.')
    }
    if (socket.readyState !== WebSocket.OPEN) throw new LinkLost(LOST)
    socket.send(frame)
  })
  let isGone = false
  const gone = (code: number) => {
    if (isGone) return
    isGone = true
    isOpen = false
    clearTimeout(tooLate)
    setWire(null)
    wire.close(new LinkLost(LOST))
    if (code === UNKNOWN_SESSION) {
      forgetSecret()
      refuse()
    } else tryAgain()
  }
  const tooLate = setTimeout(() => {
    socket.close()
    gone(0)
  }, ANSWER_WITHIN)
  socket.addEventListener('open', () => socket.send(JSON.stringify({ session: secret })))
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    if (isGone) return
    if (isOpen) return wire.receive(data)
    // The host says that the session is known; calls may go out.
    clearTimeout(tooLate)
    isTrying = false
    isOpen = true
    attempt = 0
    lostSince = 0
    setWire(wire)
    setLinkState({ state: 'open', attempt: 0, nextTryAt: null, message: '' })
  })
  socket.addEventListener('close', ({ code }) => gone(code))
}

function refuse(): void {
  isTrying = false
  setLinkState({ state: 'refused', attempt, nextTryAt: null, message: REFUSED })
}

function tryAgain(): void {
  isTrying = false
  lostSince ||= Date.now()
  const isSlow = Date.now() - lostSince > IMPATIENT_FOR
  const wait = isSlow ? SLOW_WAIT : Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT)
  attempt += 1
  const slowly = isSlow ? ' It has not answered for a minute; it is tried every 5 s now. Is Roster still running?' : ''
  setLinkState({ state: 'lost', attempt, nextTryAt: Date.now() + wait, message: LOST + slowly })
  clearTimeout(timer)
  timer = setTimeout(() => void connect(), wait)
}
