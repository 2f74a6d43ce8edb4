const addressesMax = 10_000

type Window = { count: number; endsAt: number }
type Options = { limit: number; windowMs: number; now: () => Date }

/** All eight groups of an IPv6 address; `::` stands for as many zeros as are missing. */
function groupsOf(address: string): string[] {
  const [before = [], after = []] = address.split('::').map((part) => part.split(':'))
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].map((group) => group || '0')
}

/** One network counts once: the first 64 bits of an IPv6 address belong to one subscriber. */
const networkOf = (address: string) => {
  const plain = address.replace(/^::ffff:/i, '').toLowerCase()
  return plain.includes(':') ? groupsOf(plain).slice(0, 4).join(':') : plain
}

/** Counts failures by network address, in this process. The lock of an e-mail is the database's. */
export function createFailureRate({ limit, windowMs, now }: Options) {
  const windows = new Map<string, Window>()
  const open = (address: string) => {
    const window = windows.get(networkOf(address))
    return window && window.endsAt > now().getTime() ? window : null
  }
  return {
    /** Milliseconds until this address may try again; 0 when it may now. */
    waitMs: (address: string): number => {
      const window = open(address)
      return window && window.count >= limit ? window.endsAt - now().getTime() : 0
    },
    fail: (address: string) => {
      const window = open(address)
      if (window) {
        window.count += 1
        return
      }
      const [oldest] = windows.keys()
      if (windows.size >= addressesMax && oldest !== undefined) windows.delete(oldest)
      windows.set(networkOf(address), { count: 1, endsAt: now().getTime() + windowMs })
    },
  }
}

export type FailureRate = ReturnType<typeof createFailureRate>
