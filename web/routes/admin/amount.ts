const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2

/** Minor units of an amount as people type it, with a point or a comma; null for what is none. */
export function minorFrom(text: string, currency: string): number | null {
  const digits = digitsOf(currency)
  const [, whole, rest = ''] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.replace(/[\s']/g, '')) ?? []
  if (whole === undefined || rest.length > digits) return null
  return Number(whole + rest.padEnd(digits, '0'))
}

type Amount = { amount: number; currency: string }

/** An amount as a field shows it, to be changed: "60.50", "60,50" in French. */
export function decimalFrom({ amount, currency }: Amount, tag: string): string {
  const digits = digitsOf(currency)
  return (amount / 10 ** digits).toLocaleString(tag, {
    minimumFractionDigits: digits,
    useGrouping: false,
  })
}
