// Loaded into a host before it starts (`node --import`): tells over IPC how long its event loop stood still. The product does
// not know of it.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('message', (asked) => {
  if (asked !== 'gaps') return
  const { rss, heapUsed } = process.memoryUsage()
  process.send?.({ max: delay.max / 1e6, p99: delay.percentile(99) / 1e6, rss: rss / 1e6, heap: heapUsed / 1e6 })
  delay.reset()
})
