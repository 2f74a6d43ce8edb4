import { isIP } from 'node:net'

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** An address of IPv4 as itself, however it was written. */
export const unmapped = (address: string): string => mapped.exec(address)?.[1] ?? address

/**
 * The network that an address is in, which is all of it that is kept: /24, or /48 of IPv6. Null for
 * what is no address.
 */
export function networkOf(address: string | null): string | null {
  const own = unmapped(address ?? '')
  const version = isIP(own)
  if (version === 4) return `${own.split('.').slice(0, 3).join('.')}.0/24`
  if (version === 6) return `${groupsOf(own).slice(0, 3).join(':')}::/48`
  return null
}

/** The groups that are written out before `::`, filled up with those that it stands for. */
function groupsOf(address: string): string[] {
  const [head = ''] = address.split('::')
  return [...head.split(':').filter(Boolean), '0', '0', '0']
}
