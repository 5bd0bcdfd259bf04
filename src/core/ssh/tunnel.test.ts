// Tunnels through a real sshd: every way to log in, jump hosts, what is refused and in which words, losing it and closing it.
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { makeKey, startAgent } from '../../../scripts/servers/ssh-keys.ts'
import { describeWithSshd } from '../../../scripts/servers/missing.ts'
import { startSshd, type TestSshd } from '../../../scripts/servers/sshd.ts'
import { causeOf } from '../db/failure-words.ts'
import { failureOf } from '../db/failure-of.ts'
import {
  deafPort,
  failureAt,
  knownHostsIn,
  listening,
  loginFor,
  ownFolder,
  quietly,
  seenAt,
  settingsFor,
  startEcho,
  trusting,
  tunnelTo,
} from './ssh.test-setup.ts'
import type { SshTunnel } from './tunnel.ts'

const folder = ownFolder()
afterAll(() => folder.end())

const DATABASE = { host: 'db.example', port: 5432, database: 'people', user: 'ann' }
const KEY = folder.file('key')

/** Sends a megabyte through and compares what comes back, then ends as a socket does. */
async function carries(tunnel: SshTunnel, at: { host: string; port: number }, size = 1_000_000): Promise<void> {
  const stream = await tunnel.open(at, quietly())
  const sent = randomBytes(size)
  const hash = createHash('sha256')
  stream.end(sent)
  for await (const chunk of stream) hash.update(chunk as Buffer)
  expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'))
  expect(stream.closed).toBe(true)
}

/** How often sshd let somebody in, or refused to. */
const accepted = (sshd: TestSshd) => sshd.log().split('Accepted publickey').length - 1
const asked = (sshd: TestSshd) => sshd.log().match(/Accepted publickey|Failed|Postponed|Invalid user/g)?.length ?? 0

describeWithSshd('a tunnel', (sshd) => {
  async function ready() {
    const list = await trusting(folder.path, sshd())
    return { list, settings: settingsFor(sshd(), { keyFile: KEY }) }
  }

  describe('logs in', () => {
    it('with a key file', async () => {
      sshd().authorize(makeKey(KEY))
      const { list, settings } = await ready()
      await using echo = await startEcho()
      const tunnel = tunnelTo(settings, list)
      await carries(tunnel, echo)
      await tunnel.close()
    })

    it.each([
      ['of OpenSSH, ed25519', { type: 'ed25519', format: 'OPENSSH' }],
      ['in PEM, RSA', { type: 'rsa', format: 'PEM' }],
      ['in PEM, ECDSA', { type: 'ecdsa', format: 'PEM' }],
    ] as const)('with a key that has a passphrase, %s; without it, and with a wrong one, not', async (name, kind) => {
      const file = folder.file(name.replaceAll(/\W/g, '-'))
      sshd().authorize(makeKey(file, { ...kind, passphrase: 'canary-pass' }))
      const { list } = await ready()
      await using echo = await startEcho()
      const settings = settingsFor(sshd(), { keyFile: file })
      const before = asked(sshd())
      for (const secret of [null, 'wrong']) {
        const failure = await failureAt(tunnelTo(settings, list, { secret }), echo)
        expect(failure).toMatchObject({ kind: 'authentication', role: 'ssh', code: 'ROSTER_SSH_PASSPHRASE' })
        expect(causeOf(failure, DATABASE)).toMatchObject({ reason: 'authentication', isTemporary: false })
        expect(causeOf(failure, DATABASE).message).toContain(file)
      }
      expect(asked(sshd())).toBe(before)
      const tunnel = tunnelTo(settings, list, { secret: 'canary-pass' })
      await carries(tunnel, echo, 10)
      await tunnel.close()
    })

    it('with a key of the agent, also when it is not the first', async () => {
      await using agent = await startAgent()
      const { list } = await ready()
      const settings = settingsFor(sshd(), { auth: 'agent' })
      await using echo = await startEcho()
      const empty = await failureAt(tunnelTo(settings, list, { agentSocket: agent.socket }), echo)
      expect(empty).toMatchObject({ kind: 'tunnel', code: 'ROSTER_SSH_AGENT_KEYS' })
      makeKey(folder.file('stranger'))
      agent.add(folder.file('stranger'))
      const refused = await failureAt(tunnelTo(settings, list, { agentSocket: agent.socket }), echo)
      expect(refused).toMatchObject({ kind: 'tunnel', code: 'ROSTER_SSH_AGENT_KEYS' })
      agent.add(KEY)
      const tunnel = tunnelTo(settings, list, { agentSocket: agent.socket })
      await carries(tunnel, echo, 10)
      await tunnel.close()
    })

    it('not without an agent, nor with a file that is no key, and says so before anything is connected', async () => {
      const { list } = await ready()
      const nowhere = { host: '127.0.0.1', port: await deafPort() }
      const byAgent = settingsFor(nowhere, { auth: 'agent' })
      expect(await failureAt(tunnelTo(byAgent, list), nowhere)).toMatchObject({ code: 'ROSTER_SSH_AGENT' })
      const gone = tunnelTo(byAgent, list, { agentSocket: folder.file('gone') })
      expect(await failureAt(gone, nowhere)).toMatchObject({ kind: 'tunnel', code: 'ROSTER_SSH_AGENT' })
      writeFileSync(folder.file('no-key'), 'hello')
      // Which waits for somebody to write into it, for ever.
      execFileSync('mkfifo', [folder.file('pipe')])
      for (const name of ['no-key', 'missing', 'key.pub', 'pipe']) {
        const settings = settingsFor(nowhere, { keyFile: folder.file(name) })
        const failure = await failureAt(tunnelTo(settings, list), nowhere)
        expect(failure).toMatchObject({ kind: 'local', code: 'ROSTER_SSH_KEY_FILE' })
        expect(causeOf(failure, DATABASE).message).toContain(folder.file(name))
      }
    })

    it('not with a key that is not allowed, which no password would help', async () => {
      makeKey(folder.file('other'))
      const { list } = await ready()
      const settings = settingsFor(sshd(), { keyFile: folder.file('other') })
      const failure = await failureAt(tunnelTo(settings, list), DATABASE)
      expect(failure).toMatchObject({ kind: 'tunnel', code: 'ROSTER_SSH_KEY' })
      expect(causeOf(failure, DATABASE).message).toContain(`127.0.0.1:${sshd().port}`)
    })
  })

  describe('host keys', () => {
    it('are shown at first use and refused when they have changed, and nothing is sent in either case', async () => {
      await using other = await startSshd()
      other.authorize(makeKey(folder.file('first')))
      const list = knownHostsIn(ownData())
      const settings = settingsFor(other, { keyFile: folder.file('first') })
      await using echo = await startEcho()
      const first = await failureAt(tunnelTo(settings, list), echo)
      const seen = seenAt(other, other.publicKeys()[0])
      expect(first).toMatchObject({ kind: 'host-key', hostKey: { ...seen, known: null, knownFrom: null } })
      expect(causeOf(first, DATABASE)).toMatchObject({ reason: 'host-key', isTemporary: false, hostKey: seen })
      await list.trust(seen)
      expect(asked(other)).toBe(0)
      const tunnel = tunnelTo(settings, list)
      await carries(tunnel, echo, 10)
      await tunnel.close()

      await other.stop()
      await other.start(['ed25519'])
      const before = asked(other)
      const now = seenAt(other, other.publicKeys()[0])
      const changed = await failureAt(tunnelTo(settings, list), echo)
      expect(changed).toMatchObject({ kind: 'host-key', code: 'ROSTER_HOST_KEY_CHANGED' })
      expect(changed.hostKey).toEqual({ ...now, known: seen.fingerprint, knownFrom: 'Roster’s list' })
      expect(asked(other)).toBe(before)
      await expect(list.trust(now)).rejects.toMatchObject({
        code: 'HOST_KEY_CHANGED',
        data: { known: seen.fingerprint },
      })
      await list.forget(other)
      expect((await failureAt(tunnelTo(settings, list), echo)).hostKey).toMatchObject({ known: null })
    })

    it('of a type that is known are asked for first', async () => {
      await using other = await startSshd({ hostKeys: ['ed25519', 'rsa', 'ecdsa'] })
      other.authorize(makeKey(folder.file('several')))
      await using echo = await startEcho()
      for (const line of other.publicKeys()) {
        const list = knownHostsIn(ownData())
        await list.trust(seenAt(other, line))
        const tunnel = tunnelTo(settingsFor(other, { keyFile: folder.file('several') }), list)
        await carries(tunnel, echo, 10)
        await tunnel.close()
      }
    })
  })

  describe('a jump host', () => {
    it('carries the second connection, has its own key and its own failures, and both end', async () => {
      await using second = await startSshd()
      makeKey(folder.file('inner'))
      second.authorize(makeKey(folder.file('outer')))
      const jump = loginFor(sshd(), KEY)
      const settings = settingsFor(second, { keyFile: folder.file('outer'), jump })
      await using echo = await startEcho()

      const nothing = knownHostsIn(ownData())
      const atJump = await failureAt(tunnelTo(settings, nothing), echo)
      expect(atJump).toMatchObject({ kind: 'host-key', role: 'jump', hostKey: { port: sshd().port } })
      const half = await trusting(ownData(), sshd())
      const atSecond = await failureAt(tunnelTo(settings, half), echo)
      expect(atSecond).toMatchObject({ kind: 'host-key', role: 'ssh', hostKey: { port: second.port } })

      const list = await trusting(ownData(), sshd(), second)
      const before = accepted(sshd())
      const tunnel = tunnelTo(settings, list)
      await Promise.all([carries(tunnel, echo), carries(tunnel, echo, 10)])
      expect([accepted(sshd()) - before, accepted(second)]).toEqual([1, 1])
      await tunnel.close()
      await vi.waitFor(() => expect([sshd().connections(), second.connections()]).toEqual([0, 0]))

      const wrong = settingsFor(second, { keyFile: folder.file('inner'), jump })
      expect(await failureAt(tunnelTo(wrong, list), echo)).toMatchObject({ code: 'ROSTER_SSH_KEY', role: 'ssh' })
      const deaf = settingsFor({ ...second, port: await deafPort() }, { keyFile: KEY, jump })
      const failure = await failureAt(tunnelTo(deaf, list), echo)
      expect(failure).toMatchObject({ kind: 'refused', via: { isFar: true, host: '127.0.0.1', port: sshd().port } })
    })
  })

  describe('what the far end says', () => {
    it('is told as seen from the SSH server', async () => {
      const { list, settings } = await ready()
      const tunnel = tunnelTo(settings, list)
      const port = await deafPort()
      const refused = await failureAt(tunnel, { host: '127.0.0.1', port })
      expect(refused).toMatchObject({ kind: 'refused' })
      expect(causeOf(refused, DATABASE)).toMatchObject({
        message: `As seen from 127.0.0.1, nothing listens at 127.0.0.1:${port} yet.`,
        isTemporary: true,
      })
      expect(await failureAt(tunnel, { host: 'nowhere.invalid', port })).toMatchObject({
        kind: expect.stringMatching(/^name-(unknown|temporary)$/) as string,
      })
      await tunnel.close()
    })

    it('may be that it does not forward', async () => {
      await using strict = await startSshd({ settings: { AllowTcpForwarding: 'no' } })
      strict.authorize(makeKey(folder.file('strict')))
      const tunnel = tunnelTo(
        settingsFor(strict, { keyFile: folder.file('strict') }),
        await trusting(ownData(), strict),
      )
      const failure = await failureAt(tunnel, DATABASE)
      expect(failure).toMatchObject({ kind: 'tunnel', code: 'ROSTER_SSH_FORWARD' })
      expect(causeOf(failure, DATABASE).message).toContain('does not forward connections to db.example:5432')
      await tunnel.close()
    })
  })

  describe('an SSH server', () => {
    it('that does not answer, has no name or is none is named', async () => {
      const { list } = await ready()
      const port = await deafPort()
      const nobody = await failureAt(
        tunnelTo(settingsFor({ host: '127.0.0.1', port }, { keyFile: KEY }), list),
        DATABASE,
      )
      expect(nobody).toMatchObject({ kind: 'refused', role: 'ssh' })
      expect(causeOf(nobody, DATABASE)).toMatchObject({
        message: `Nothing listens at the SSH server 127.0.0.1:${port} yet.`,
        isTemporary: true,
      })
      const nameless = settingsFor({ host: 'nowhere.invalid', port }, { keyFile: KEY })
      expect(await failureAt(tunnelTo(nameless, list), DATABASE)).toMatchObject({
        kind: expect.stringMatching(/^name-/) as string,
        via: { host: 'nowhere.invalid' },
      })
      const web = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
      const other = settingsFor({ host: '127.0.0.1', port: await listening(web) }, { keyFile: KEY })
      expect(await failureAt(tunnelTo(other, list), DATABASE)).toMatchObject({
        kind: expect.stringMatching(/^(protocol|lost)$/) as string,
      })
      web.close()
      const silent = createServer((socket) => socket.on('error', () => undefined).resume())
      const quiet = settingsFor({ host: '127.0.0.1', port: await listening(silent) }, { keyFile: KEY })
      const tunnel = tunnelTo(quiet, list, { times: { wait: 200 } })
      expect(await failureAt(tunnel, DATABASE)).toMatchObject({ kind: 'no-answer', code: 'ROSTER_SSH_NO_ANSWER' })
      await tunnel.close()
      await new Promise((resolve) => silent.close(resolve))
    })
  })

  describe('one connection', () => {
    it('is shared, and made anew when it was lost; what ran through it ends', async () => {
      const { list, settings } = await ready()
      await using echo = await startEcho()
      const tunnel = tunnelTo(settings, list)
      const before = accepted(sshd())
      const streams = await Promise.all(Array.from({ length: 5 }, () => tunnel.open(echo, quietly())))
      expect(accepted(sshd()) - before).toBe(1)
      const errors = streams.map((stream) => new Promise<unknown>((resolve) => stream.once('error', resolve)))
      const closed = streams.map((stream) => new Promise((resolve) => stream.once('close', resolve)))
      await sshd().dropAll()
      for (const error of await Promise.all(errors))
        expect(failureOf(error)).toMatchObject({ kind: 'lost', role: 'ssh' })
      await Promise.all(closed)
      await carries(tunnel, echo, 10)
      expect(accepted(sshd()) - before).toBe(2)
      await tunnel.close()
      await vi.waitFor(() => expect(echo.connections()).toBe(0))
    })

    it('outlives each stream: one that is destroyed ends at the far end too, with what was not sent', async () => {
      const { list, settings } = await ready()
      await using echo = await startEcho()
      const tunnel = tunnelTo(settings, list)
      const before = accepted(sshd())
      const stream = await tunnel.open(echo, quietly())
      await vi.waitFor(() => expect(echo.connections()).toBe(1))
      stream.pause()
      // More than the window of the channel, so that some of it waits here.
      const written = new Promise((resolve) => stream.write(randomBytes(8_000_000), resolve))
      stream.destroy()
      expect(await written).toBeInstanceOf(Error)
      await vi.waitFor(() => expect(echo.connections()).toBe(0))
      await carries(tunnel, echo, 10)
      expect(accepted(sshd()) - before).toBe(1)
      await tunnel.close()
    })

    it('that has died without a word is noticed by whoever wants to use it', async () => {
      const { list, settings } = await ready()
      await using echo = await startEcho()
      const tunnel = tunnelTo(settings, list, { times: { doubt: 50, alive: 100, wait: 300 } })
      const stream = await tunnel.open(echo, quietly())
      const ended = new Promise((resolve) => stream.once('close', resolve))
      sshd().pause()
      try {
        expect(await failureAt(tunnel, echo)).toMatchObject({ kind: 'lost' })
        await ended
        expect(await failureAt(tunnel, echo)).toMatchObject({ kind: 'no-answer', code: 'ROSTER_SSH_NO_ANSWER' })
      } finally {
        sshd().resume()
      }
      await tunnel.close()
    })

    it('that has died without a word is noticed by itself, also while nobody uses it', async () => {
      const { list, settings } = await ready()
      await using echo = await startEcho()
      const tunnel = tunnelTo(settings, list, { times: { keepAlive: 20 } })
      const stream = await tunnel.open(echo, quietly())
      const error = new Promise((resolve) => stream.once('error', resolve))
      sshd().pause()
      try {
        expect(failureOf(await error)).toMatchObject({ kind: 'lost', role: 'ssh' })
      } finally {
        sshd().resume()
      }
      await tunnel.close()
    })

    it('stays while a far server alone does not answer', async () => {
      const { list, settings } = await ready()
      await using echo = await startEcho()
      const tunnel = tunnelTo(settings, list, { times: { doubt: 20, alive: 2_000 } })
      const stream = await tunnel.open(echo, quietly())
      // An address for documentation, which nobody routes: sshd waits for it, or says at once that it cannot.
      const late = new AbortController()
      const opening = tunnel.open({ host: '192.0.2.1', port: 9 }, quietly(late.signal)).catch((error: unknown) => error)
      stream.write('still')
      const [answer] = await new Promise<Buffer[]>((resolve) => stream.once('data', (...bytes) => resolve(bytes)))
      expect(String(answer)).toBe('still')
      const reason = new Error('enough')
      late.abort(reason)
      const error = await opening
      expect(error === reason || failureOf(error)?.via?.isFar === true).toBe(true)
      await tunnel.close()
    })

    it('ends with `close`, also while it is being made, and leaves no socket', async () => {
      const { list, settings } = await ready()
      await using echo = await startEcho()
      const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
      const before = sockets()
      const tunnel = tunnelTo(settings, list)
      const stream = await tunnel.open(echo, quietly())
      await tunnel.close()
      expect(stream.destroyed).toBe(true)
      expect((await failureAt(tunnel, echo)).kind).toBe('lost')
      const making = tunnelTo(settings, list)
      const failing = failureAt(making, echo)
      await making.close()
      expect((await failing).kind).toBe('lost')
      await vi.waitFor(() => expect(sockets()).toBe(before))
    })

    it('is not begun for what was aborted, and an abort ends the wait at once', async () => {
      const { list, settings } = await ready()
      const reason = new Error('enough')
      const tunnel = tunnelTo(settings, list)
      await expect(tunnel.open(DATABASE, quietly(AbortSignal.abort(reason)))).rejects.toBe(reason)
      const stop = new AbortController()
      const opening = tunnel.open(DATABASE, quietly(stop.signal))
      stop.abort(reason)
      await expect(opening).rejects.toBe(reason)
      await tunnel.close()
    })
  })
})

const ownData = () => mkdtempSync(folder.file('data-'))
