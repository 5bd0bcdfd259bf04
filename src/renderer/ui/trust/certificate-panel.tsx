// A certificate that was refused: whose it is, how long it is valid, what is wrong with it; and the way to trust it all the same.
import { useState, type ReactNode } from 'react'
import { placeText, type PeerCertificate } from '../../../shared/reaching.ts'
import { moment } from '../wording.ts'
import { Fingerprint } from './fingerprint.tsx'
import { beginWords, expiryWords } from './trust-words.ts'
import css from './trust.module.css'
import { TwoSteps } from './two-steps.tsx'

interface CertificatePanelProps {
  certificate: PeerCertificate
  /** What the last button says. */
  verb: string
  onTrust: (certificate: PeerCertificate) => Promise<void>
}

export function CertificatePanel({ certificate, verb, onTrust }: CertificatePanelProps) {
  const { subject, issuer, names, validFrom, validTo, fingerprint, problem } = certificate
  const place = placeText(certificate)
  const [now] = useState(() => Date.now())
  const begin = validFrom === null ? null : beginWords(validFrom, now)
  return (
    <section className={css.panel} aria-label={`Certificate of ${place}`}>
      <p className={css.problem}>{problem}</p>
      <dl className={css.facts}>
        <Fact name="Shown by">{place}</Fact>
        <Fact name="Subject">{subject || 'none'}</Fact>
        <Fact name="Issuer">
          {issuer || 'none'}
          {issuer !== '' && issuer === subject && <span className={css.aside}> (signed by itself)</span>}
        </Fact>
        <Fact name="Names">{names.length === 0 ? 'none' : names.join(', ')}</Fact>
        <Fact name="Valid from">
          {validFrom === null ? 'It does not say.' : moment(validFrom)}
          {begin !== null && <b> ({begin})</b>}
        </Fact>
        <Fact name="Valid to">
          {validTo === null ? 'It does not say.' : moment(validTo)}
          {validTo !== null && <Expiry at={validTo} now={now} />}
        </Fact>
        <Fact name="SHA-256">
          <Fingerprint text={fingerprint} />
        </Fact>
      </dl>
      <TwoSteps ask="Trust this certificate" confirm={verb} onConfirm={() => onTrust(certificate)}>
        <p>
          Compare the fingerprint with the one that the server’s owner names, on another way than this connection:
          somebody on the way would show a certificate of their own.
        </p>
        <p>
          Only this certificate is trusted, only at {place}, and only by this profile, whatever its name, its dates and
          its authority say. Once the server shows a new one, it is asked again.
        </p>
      </TwoSteps>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Expiry({ at, now }: { at: number; now: number }) {
  const words = expiryWords(at, now)
  return at <= now ? <b> ({words})</b> : <span className={css.aside}> ({words})</span>
}
