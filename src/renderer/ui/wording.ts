// Numbers, sizes and times in words for people.

const grouped = new Intl.NumberFormat('en-US')

/** 12345 becomes "12,345". */
export function count(value: number): string {
  return grouped.format(value)
}

/** "1 step", "3 steps". `many` is needed where the plural is not one more "s". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** Bytes as a person reads them: "980 bytes", "12.4 kB", "2.4 GB" (1 kB is 1,000 bytes). */
export function bytes(value: number): string {
  if (value < 1000) return plural(value, 'byte')
  const units = ['kB', 'MB', 'GB', 'TB']
  let size = value / 1000
  let unit = 0
  // 999.5 would be rounded to "1000".
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${size.toFixed(size < 99.95 ? 1 : 0)} ${units[unit]}`
}

/** Milliseconds as "41 ms", "2.3 s", "3 min 5 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Milliseconds since 1970 as local date and time to the minute: "2026-11-22 09:05". */
export function moment(milliseconds: number): string {
  const at = new Date(milliseconds)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Milliseconds since 1970 as the local time of day: "09:05:07". */
export function timeOfDay(milliseconds: number): string {
  const at = new Date(milliseconds)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}
