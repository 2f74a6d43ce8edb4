import { createRecent } from '../recent.ts'

/**
 * The first of `offered` that the client takes; null when it wants the bytes as they are. Source:
 * RFC 9110 section 12.5.3.
 */
export function encodingFor<Encoding extends string>(
  acceptEncoding: string | null,
  offered: readonly Encoding[],
): Encoding | null {
  if (!acceptEncoding) return null
  const wanted = weightsOf(acceptEncoding)
  const rest = wanted.get('*') ?? 0
  return offered.find((encoding) => (wanted.get(encoding) ?? rest) > 0) ?? null
}

const weightsOf = (header: string) =>
  new Map(
    header.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      return [name, weight ? Number(weight.slice(2)) : 1] as const
    }),
  )

const headersMax = 100

/**
 * Tells whether a client takes one of `types`, which are always UTF-8; without the header it takes
 * anything. Clients are of few kinds, so a header is taken apart once. Source: RFC 9110 section
 * 12.5.1.
 */
export function acceptsOneOf(types: readonly string[]): (accept: string | null) => boolean {
  const known = createRecent<string | null, boolean>(headersMax)
  return (accept) => known.of(accept, () => accepts(accept, types))
}

function accepts(accept: string | null, types: readonly string[]): boolean {
  const ranges = (accept || '*/*').toLowerCase().replace(/\s/g, '').split(',')
  return ranges.some((range) => {
    const [wanted = '', ...parameters] = range.split(';')
    const charset = parameters.find((parameter) => parameter.startsWith('charset='))
    if (charset && charset !== 'charset=utf-8') return false
    return types.some((type) => [type, type.replace(/\/.*/, '/*'), '*/*'].includes(wanted))
  })
}

/** True when the client has these very bytes already. Source: RFC 9110 section 13.1.2. */
export const hasTag = (ifNoneMatch: string | null, tag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((entry) => entry.trim().replace(/^W\//, ''))
    .some((entry) => entry === tag || entry === '*')

/** True for a person going to an address; false for a script, a picture, a style sheet. */
export const isNavigation = ({ headers }: Request): boolean => {
  const mode = headers.get('sec-fetch-mode')
  const wantsPage = headers.get('accept')?.includes('text/html') ?? false
  return wantsPage && (mode === null || mode === 'navigate')
}
