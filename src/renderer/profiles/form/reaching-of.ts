// The fields about encryption, the tunnel and further nodes as settings; what is switched off is not stored.
import { placeText, type CertificateFiles, type Place, type SshLogin } from '../../../shared/reaching.ts'
import { hasSecret, HOP_FIELDS, type FieldErrors, type FormValues } from './form-values.ts'
import { isHost, placeIn } from './node-list.ts'
import { secretIn, textIn, wholeNumberIn } from './read-field.ts'

export function reachingOf(values: FormValues, errors: FieldErrors) {
  return {
    tls: values.tls,
    tlsFiles: values.tls === 'off' ? null : filesOf(values, errors),
    pins: values.pins,
    ssh: values.hasSsh
      ? { ...hopOf(values, 'ssh', errors), jump: values.hasJump ? hopOf(values, 'jump', errors) : null }
      : null,
  }
}

function filesOf(values: FormValues, errors: FieldErrors): CertificateFiles | null {
  const ca = values.caFile.trim() || null
  if (!values.hasCertificate) return ca === null ? null : { ca, certificate: null, key: null, secret: { kind: 'none' } }
  return {
    ca,
    certificate: textIn(values, 'certificateFile', 'The file of the certificate', errors).trim(),
    key: textIn(values, 'keyFile', 'The file of its key', errors).trim(),
    secret: secretIn(values, 'certificate', errors),
  }
}

function hopOf(values: FormValues, role: 'ssh' | 'jump', errors: FieldErrors): SshLogin {
  const fields = HOP_FIELDS[role]
  const host = textIn(values, fields.host, 'A host', errors).trim()
  if (host !== '' && !isHost(host)) {
    errors[fields.host] = 'A host is a name or an address, without blanks, slashes or a user.'
  }
  const auth = values[fields.auth]
  return {
    host,
    port: wholeNumberIn(values, fields.port, 1, 65_535, errors),
    user: textIn(values, fields.user, 'A user', errors).trim(),
    auth,
    keyFile: auth === 'key' ? textIn(values, fields.keyFile, 'The file of the key', errors).trim() : null,
    secret: hasSecret(values, role) ? secretIn(values, role, errors) : { kind: 'none' },
  }
}

/** Empty lines are left out; each of the others is a place of its own. */
export function nodesOf(values: FormValues, first: Place, usualPort: number, errors: FieldErrors): Place[] {
  const seen = new Set([placeText(first)])
  const places: Place[] = []
  values.nodes.forEach((text, index) => {
    if (text.trim() === '') return
    // Nodes of one cluster mostly listen at the same port.
    const place = placeIn(text, Number.isInteger(first.port) ? first.port : usualPort)
    if (!place) {
      errors[`node-${index}`] = 'A node is a host, or a host and a port: “db2” or “db2:3307”.'
    } else if (seen.has(placeText(place))) {
      errors[`node-${index}`] = `${placeText(place)} is named twice.`
    } else {
      seen.add(placeText(place))
      places.push(place)
    }
  })
  if (places.length > MOST_NODES) errors.nodes = `At most ${MOST_NODES} further nodes can be named.`
  return places
}

const MOST_NODES = 15
