// What the host tells this page: read for as long as the page is there, and asked for again after a lost link.
import type { AppEvent } from '../../shared/app.ts'
import { api } from '../api.ts'
import { keepReading } from './keep-reading.ts'
import { pageId } from './page-id.ts'

type Kind = AppEvent['kind']
type EventOf<K extends Kind> = Extract<AppEvent, { kind: K }>

const listeners = new Map<Kind, Set<(event: AppEvent) => void>>()
/** What came before anyone listened. */
const waiting: AppEvent[] = []
let isReading = false

/** Calls `listener` with every event of that kind; those that nobody has heard yet come at once. */
export function onHostEvent<K extends Kind>(kind: K, listener: (event: EventOf<K>) => void): () => void {
  const hear = (event: AppEvent) => listener(event as EventOf<K>)
  const ofKind = listeners.get(kind) ?? new Set()
  listeners.set(kind, ofKind.add(hear))
  for (const event of waiting.splice(0)) tell(event)
  if (!isReading) void keepReading(read)
  isReading = true
  return () => void ofKind.delete(hear)
}

function tell(event: AppEvent): void {
  const ofKind = listeners.get(event.kind)
  if (!ofKind || ofKind.size === 0) waiting.push(event)
  else for (const hear of [...ofKind]) hear(event)
}

async function read(): Promise<void> {
  for await (const event of await api.app.events({ page: pageId })) tell(event)
}
