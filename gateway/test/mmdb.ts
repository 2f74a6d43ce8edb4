type Value = string | number | readonly Value[] | { readonly [key: string]: Value }

const marker = Buffer.concat([Buffer.of(0xab, 0xcd, 0xef), Buffer.from('MaxMind.com')])
const separator = Buffer.alloc(16)
const nodeBytes = 6

/** Source: MaxMind DB File Format Specification 2.0, "Output Data Section". */
function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([head(2, value.length), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([head(6, 4), bytes])
  }
  if (Array.isArray(value)) return Buffer.concat([head(11, value.length), ...value.map(encode)])
  const entries = Object.entries(value)
  const pairs = entries.flatMap(([key, one]) => [encode(key), encode(one)])
  return Buffer.concat([head(7, entries.length), ...pairs])
}

/** Types past 7 are told in a byte of their own, and so is what does not fit the size. */
function head(type: number, size: number): Buffer {
  const [own, further] = size < 29 ? [size, []] : [29, [size - 29]]
  return type > 7 ? Buffer.of(own, type - 7, ...further) : Buffer.of((type << 5) | own, ...further)
}

/** A file that knows one network of IPv4, as MaxMind writes them. */
export function mmdbFor(network: string, record: Value): Buffer {
  const [address = '', prefix = '0'] = network.split('/')
  const depth = Number(prefix)
  const bits = address.split('.').flatMap((part) => [...Number(part).toString(2).padStart(8, '0')])
  const tree = Buffer.alloc(depth * nodeBytes)
  for (let node = 0; node < depth; node += 1) {
    const next = node + 1 < depth ? node + 1 : depth + separator.length
    const records = bits[node] === '1' ? [depth, next] : [next, depth]
    records.forEach((value, side) => {
      tree.writeUIntBE(value, node * nodeBytes + side * 3, 3)
    })
  }
  const metadata = encode({
    ...{ node_count: depth, record_size: 24, ip_version: 4, database_type: 'Test-City' },
    ...{ languages: ['en'], binary_format_major_version: 2, binary_format_minor_version: 0 },
    ...{ build_epoch: 1_700_000_000, description: { en: 'test' } },
  })
  return Buffer.concat([tree, separator, encode(record), marker, metadata])
}
