// The key of an SSH machine: at the first use to be compared and trusted; a changed one is refused, with the way out of it.
import { placeText, type SeenHostKey } from '../../../shared/reaching.ts'
import { keyFileOf, knownHostsName } from './trust-words.ts'
import css from './trust.module.css'
import { TwoSteps } from './two-steps.tsx'

interface HostKeyPanelProps {
  hostKey: SeenHostKey
  /** What the last button says. */
  verb: string
  onTrust: (hostKey: SeenHostKey) => Promise<void>
}

export function HostKeyPanel({ hostKey, verb, onTrust }: HostKeyPanelProps) {
  return hostKey.known === null ? (
    <NewKey hostKey={hostKey} verb={verb} onTrust={onTrust} />
  ) : (
    <ChangedKey hostKey={hostKey} known={hostKey.known} />
  )
}

function NewKey({ hostKey, verb, onTrust }: HostKeyPanelProps) {
  const { host, port, type, fingerprint } = hostKey
  const place = placeText({ host, port })
  return (
    <section className={css.panel} aria-label={`Key of ${place}`}>
      <p>
        Roster has not connected to {place} before, and your known_hosts does not name it either. Nothing was sent to it
        yet.
      </p>
      <dl className={css.facts}>
        <Fact name="SSH machine" value={place} />
        <Fact name="Kind of key" value={type} />
        <Fact name="Fingerprint" value={fingerprint} isCode />
      </dl>
      <p>On that machine, or from its owner, the same fingerprint is told by:</p>
      <code className={css.command}>ssh-keygen -lf {keyFileOf(type)}</code>
      <TwoSteps ask="Trust this key" confirm={verb} onConfirm={() => onTrust(hostKey)}>
        <p>
          From now on {place} must show this very key, for every profile. If the fingerprints differ, somebody on the
          way poses as that machine, and could read all that goes through the tunnel without being encrypted by itself.
        </p>
      </TwoSteps>
    </section>
  )
}

/** There is no button here that trusts it: whoever is in a hurry would press it. */
function ChangedKey({ hostKey, known }: { hostKey: SeenHostKey; known: string }) {
  const { host, port, type, fingerprint, knownFrom } = hostKey
  const place = placeText({ host, port })
  // The other list is told by the path of its file.
  const isOwn = knownFrom === null || knownFrom.startsWith('Roster')
  return (
    <section className={css.panel} data-tone="bad" aria-label={`Changed key of ${place}`}>
      <p className={css.problem}>
        {place} shows another key than the one that is known. Either it was set up anew, or somebody on the way poses as
        it and would read everything.
      </p>
      <dl className={css.facts}>
        <Fact name="SSH machine" value={place} />
        <Fact name="Known" value={known} isCode />
        <Fact name="Known from" value={knownFrom ?? 'Roster’s list'} />
        <Fact name="Shown now" value={fingerprint} isCode />
        <Fact name="Kind of key" value={type} />
      </dl>
      <p>
        Nothing was sent, and nothing is while the keys differ. Ask the owner of that machine whether its key was
        changed, and compare what is shown now with:
      </p>
      <code className={css.command}>ssh-keygen -lf {keyFileOf(type)}</code>
      {isOwn ? (
        <p>
          If it was: “Forget the known key” is in the profile, under SSH tunnel. The next connection shows the key and
          asks.
        </p>
      ) : (
        <>
          <p>If it was, the line of the old key has to leave {knownFrom}. Roster never writes to that file:</p>
          <code className={css.command}>ssh-keygen -R {`"${knownHostsName(host, port)}"`}</code>
        </>
      )}
    </section>
  )
}

function Fact({ name, value, isCode = false }: { name: string; value: string; isCode?: boolean }) {
  return (
    <div className={css.fact}>
      <dt>{name}</dt>
      <dd>{isCode ? <code className={css.fingerprint}>{value}</code> : value}</dd>
    </div>
  )
}
