// How the whole cluster stands, as a sign beside its words.
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'

const icons = { good: CircleCheck, warn: TriangleAlert, bad: CircleAlert }

export function ToneIcon({ tone, size }: { tone: keyof typeof icons; size: number }) {
  const Icon = icons[tone]
  return <Icon size={size} aria-hidden />
}
