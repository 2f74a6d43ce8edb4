const bitsOf = (address: string): number =>
  address.split('.').reduce((bits, part) => bits * 256 + Number(part), 0)

/** Whether a block of IPv4 addresses holds an address; a block of IPv6 holds none. */
export function holds(block: string, address: string): boolean {
  const [base = '', length = '32'] = block.split('/')
  if (base.includes(':')) return false
  const size = 2 ** (32 - Number(length))
  return Math.floor(bitsOf(base) / size) === Math.floor(bitsOf(address) / size)
}
