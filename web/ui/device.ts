const browsers = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|HeadlessChrome|CriOS)\//],
  ['Safari', /\bSafari\//],
  ['curl', /^curl\//],
] as const

const systems = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const

const first = (table: readonly (readonly [string, RegExp])[], text: string): string | undefined =>
  table.find(([, pattern]) => pattern.test(text))?.[0]

export type Device = { name: string; isPhone: boolean }

/** A browser and its system, as people call them; the start of what it says of itself when neither is known. */
export function deviceFrom(userAgent: string): Device | null {
  const system = first(systems, userAgent)
  const known = [first(browsers, userAgent), system].filter(Boolean).join(' · ')
  const name = known || userAgent.trim().slice(0, 60)
  return name ? { name, isPhone: system === 'iPhone' || system === 'Android' } : null
}
