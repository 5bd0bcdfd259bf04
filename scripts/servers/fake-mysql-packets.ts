// Packets of MySQL's protocol, for the fake server: what a client says when it logs in, and what is answered.

export const FLAGS = {
  longPassword: 1,
  foundRows: 2,
  connectWithDb: 8,
  localFiles: 0x80,
  protocol41: 0x200,
  ssl: 0x800,
  transactions: 0x2000,
  secureConnection: 0x8000,
  multiStatements: 0x1_0000,
  multiResults: 0x2_0000,
  pluginAuth: 0x8_0000,
  attributes: 0x10_0000,
  lenencAuth: 0x20_0000,
} as const

const UTF8MB4 = 45

/** Bits of the status in every answer. */
export const STATUS = { inTransaction: 1, autocommit: 2 } as const

export const nul = (text: string) => Buffer.from(`${text}\0`)

export function int(value: number, bytes: 1 | 2 | 3 | 4): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}

/** A length-encoded integer. */
export function lenenc(value: number): Buffer {
  if (value < 251) return int(value, 1)
  if (value < 65_536) return Buffer.concat([Buffer.from([0xfc]), int(value, 2)])
  return Buffer.concat([Buffer.from([0xfd]), int(value, 3)])
}

export function lenencText(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([lenenc(bytes.length), bytes])
}

export interface Greeting {
  version: string
  thread: number
  plugin: string
  challenge: Buffer
  hasTls: boolean
}

/** Protocol 10. */
export function greeting({ version, thread, plugin, challenge, hasTls }: Greeting): Buffer {
  const { ssl, connectWithDb: _asked, ...others } = FLAGS
  const flags = Object.values(others).reduce((all, flag) => all | flag, FLAGS.connectWithDb | (hasTls ? ssl : 0))
  return Buffer.concat([
    ...[int(10, 1), nul(version), int(thread, 4), challenge.subarray(0, 8), int(0, 1)],
    ...[int(flags & 0xffff, 2), int(UTF8MB4, 1), int(STATUS.autocommit, 2), int(flags >>> 16, 2), int(21, 1)],
    ...[Buffer.alloc(10), challenge.subarray(8), int(0, 1), nul(plugin)],
  ])
}

export interface Login {
  flags: number
  user: string
  database: string
  /** What the client answered to the challenge of the greeting. */
  answer: Buffer
  plugin: string
  /** A request to encrypt, before anything else is said. */
  isTlsRequest: boolean
}

export function readLogin(packet: Buffer): Login {
  const flags = packet.readUInt32LE()
  const isTlsRequest = packet.length === 32 && (flags & FLAGS.ssl) !== 0
  let at = 32
  const takeText = () => {
    const end = packet.indexOf(0, at)
    const text = packet.subarray(at, end < 0 ? packet.length : end).toString()
    at = end < 0 ? packet.length : end + 1
    return text
  }
  if (isTlsRequest) return { flags, user: '', database: '', answer: Buffer.alloc(0), plugin: '', isTlsRequest }
  const user = takeText()
  const length = packet[at] ?? 0
  const answer = packet.subarray(at + 1, at + 1 + length)
  at += 1 + length
  const database = flags & FLAGS.connectWithDb ? takeText() : ''
  const plugin = flags & FLAGS.pluginAuth ? takeText() : ''
  return { flags, user, database, answer, plugin, isTlsRequest }
}

export const okPacket = (status: number, changes = 0) =>
  Buffer.concat([int(0, 1), lenenc(changes), lenenc(0), int(status, 2), int(0, 2)])

export const eofPacket = (status: number) => Buffer.concat([int(0xfe, 1), int(0, 2), int(status, 2)])

/** Without SQLSTATE before the client has said what it can: so MySQL itself tells 1040 and 1129. */
export function errorPacket(code: number, words: string, sqlState: string | null): Buffer {
  const state = sqlState === null ? '' : `#${sqlState}`
  return Buffer.concat([int(0xff, 1), int(code, 2), Buffer.from(state + words)])
}

export function columnPacket(name: string): Buffer {
  const VAR_STRING = 253
  return Buffer.concat([
    ...['def', '', '', '', name, ''].map((text) => lenencText(text)),
    ...[int(12, 1), int(UTF8MB4, 2), int(1024, 4), int(VAR_STRING, 1), int(0, 2), int(0, 1), int(0, 2)],
  ])
}

type Row = readonly (string | null)[]

export const textRow = (row: Row) =>
  Buffer.concat(row.map((cell) => (cell === null ? Buffer.from([0xfb]) : lenencText(cell))))

/** As prepared statements answer: a bitmap of NULLs, whose first two bits are not used, then the values. */
export function binaryRow(row: Row): Buffer {
  const bitmap = Buffer.alloc((row.length + 9) >> 3)
  row.forEach((cell, index) => {
    const bit = index + 2
    if (cell === null) bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (1 << (bit & 7))
  })
  const cells = row.flatMap((cell) => (cell === null ? [] : [lenencText(cell)]))
  return Buffer.concat([int(0, 1), bitmap, ...cells])
}
