const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]

/** "3 minutes ago", "yesterday"; "now" within a minute and for what lies ahead, as clocks differ. */
export function formatAgo(instant: string, nowMs: number, tag: string): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(instant)) / 1_000))
  const [unit, size] = steps.find(([, length]) => seconds >= length) ?? ['second', 1]
  const count = unit === 'second' ? 0 : Math.floor(seconds / size)
  return new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(-count, unit)
}
