// Hosts with ports, separated by commas, up to the first / or ?: as libpq splits them.
import { StringProblem, type ParsedPlace } from './parsed.ts'

/** Nothing is decoded. `after` begins with / or ?, or is empty. Stricter than libpq in one thing: brackets hold an IPv6 address. */
export function readPlaces(text: string): { written: ParsedPlace[]; after: string } {
  const written: ParsedPlace[] = []
  let rest = text
  for (;;) {
    let host: string
    if (rest.startsWith('[')) {
      const end = rest.indexOf(']')
      if (end < 0)
        throw new StringProblem('Its host cannot be read. An IPv6 address stands in brackets: [2001:db8::1].')
      host = rest.slice(1, end)
      if (!/^[0-9a-f:.]*:[0-9a-f:.]*(?:%.*)?$/i.test(host))
        throw new StringProblem('What stands in brackets is no IPv6 address.')
      rest = rest.slice(end + 1)
      if (rest !== '' && !/^[:/?,]/.test(rest))
        throw new StringProblem('Its host cannot be read: behind ], a port or a / follows.')
    } else {
      const end = rest.search(/[:/?,]/)
      host = end < 0 ? rest : rest.slice(0, end)
      rest = end < 0 ? '' : rest.slice(end)
    }
    let port: string | null = null
    if (rest.startsWith(':')) {
      const end = rest.search(/[/?,]/)
      port = end < 0 ? rest.slice(1) : rest.slice(1, end)
      rest = end < 0 ? '' : rest.slice(end)
    }
    written.push({ host, port })
    if (!rest.startsWith(',')) return { written, after: rest }
    rest = rest.slice(1)
  }
}
