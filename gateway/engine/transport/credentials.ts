import type { Minter } from '#kit/identity-token'
import type { Exchange } from '../../exchange.ts'
import { createRecent } from '../../recent.ts'

/** Headers by their names in lower case. */
export type HeaderValues = Readonly<Record<string, string>>

/**
 * What a subgraph is told about who asks. Two requests share a fetch only when all of these headers
 * are equal: whatever an answer may depend on stands here.
 */
export type Credentials = {
  /**
   * True when the gateway made them: a subgraph that refuses them (401) then has a fault of ours,
   * and its words are not for the client.
   */
  readonly areOurs: boolean
  headersFor(exchange: Exchange, subgraph: string): HeaderValues | Promise<HeaderValues>
}

const tokensMax = 10_000

/** A token of the gateway's own for each subgraph, which says who the viewer is. */
export function mintedBy(minter: Minter): Credentials {
  const headers = createRecent<string, HeaderValues>(tokensMax)
  return {
    areOurs: true,
    headersFor: async ({ viewer }, subgraph) => {
      const token = await minter.mint(viewer, subgraph)
      return headers.of(token, () => ({ authorization: `Bearer ${token}` }))
    },
  }
}

const keys = new WeakMap<HeaderValues, string>()

/** Equal for two sets of headers only if they are; it is text of one line. */
export function keyOf(headers: HeaderValues): string {
  const key = keys.get(headers) ?? JSON.stringify(Object.entries(headers).sort())
  keys.set(headers, key)
  return key
}

/** Headers that belong to one connection or one body, or that the transport writes itself. */
const notForwardable: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'expect', 'host', 'accept', 'accept-encoding'],
  ...['content-type', 'content-length', 'content-encoding', 'x-request-id', 'traceparent'],
])

/**
 * The client's own headers of these names, where there is no token to make. Throws for a name that
 * cannot be handed on. Source: RFC 9110, 7.6.1.
 */
export function forwarding(names: readonly string[]): Credentials {
  const forwarded = [...new Set(names.map((name) => name.toLowerCase()))]
  const unfit = forwarded.filter((name) => notForwardable.has(name))
  if (unfit.length > 0) throw new Error(`These headers cannot be forwarded: ${unfit.join(', ')}.`)
  const read = (request: Request): HeaderValues => {
    const headers: Record<string, string> = {}
    for (const name of forwarded) {
      const value = request.headers.get(name)
      if (value !== null) headers[name] = value
    }
    return headers
  }
  const none: HeaderValues = {}
  return {
    areOurs: false,
    headersFor: ({ request }) => (forwarded.length > 0 ? read(request) : none),
  }
}
