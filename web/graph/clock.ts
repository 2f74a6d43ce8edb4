let offsetMs = 0

/** Learns how far this device's clock is from the server's, so that a countdown does not lie. */
export function observeServerDate(date: string | null): void {
  const serverMs = date ? Date.parse(date) : Number.NaN
  if (Number.isNaN(serverMs)) return
  const measured = serverMs - Date.now()
  // The header has whole seconds: a smaller difference is rounding, not a wrong clock.
  offsetMs = Math.abs(measured) < 2_000 ? 0 : measured
}

/** Milliseconds since the epoch, by the server's clock as far as it is known. */
export const serverNow = (): number => Date.now() + offsetMs
