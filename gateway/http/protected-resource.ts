import { AppError } from '#kit/errors'
import type { Exchange, Stage } from '../exchange.ts'
import { metadataPath } from './paths.ts'
import type { Handler } from './routes.ts'

export type ProtectedResource = {
  readonly publicOrigin: string
  readonly issuer: string
  readonly productName: string
  /** What a program may be granted here; a person's rights go with their roles. */
  readonly scopes: readonly string[]
  /** What of it a client should begin with: enough for the tools, and no more. */
  readonly firstScopes: readonly string[]
  readonly proofAlgorithms: readonly string[]
}

/** The addresses that a client may name as its resource; tokens are the same for all of them. */
const resourcePath = /^(|\/graphql|\/api|\/mcp(\/v[1-9]\d{0,3})?)$/

/** What is told of a resource stands below the well-known path, under the resource's own. */
export function serveMetadata(resource: ProtectedResource): Handler {
  return async ({ request, url }) => {
    const path = url.pathname.slice(metadataPath.length)
    if (!resourcePath.test(path))
      throw new AppError('NOT_FOUND', 'There is no protected resource at this address.')
    const body = request.method === 'HEAD' ? null : JSON.stringify(metadataOf(resource, path))
    return new Response(body, {
      headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    })
  }
}

/** Source: RFC 9728 section 2. */
const metadataOf = (resource: ProtectedResource, path: string) => ({
  resource: `${resource.publicOrigin}${path}`,
  resource_name: resource.productName,
  authorization_servers: [resource.issuer],
  scopes_supported: resource.scopes,
  bearer_methods_supported: ['header'],
  dpop_signing_alg_values_supported: resource.proofAlgorithms,
  dpop_bound_access_tokens_required: false,
})

const toolsPath = /^\/mcp(\/|$)/

/**
 * Whoever may not in at `/mcp` is told where to ask for a token, and for which scopes: that is how a
 * client there begins. Source: RFC 9728 section 5.1; MCP 2025-11-25, authorization.
 */
export const challenging =
  (identity: Stage, { publicOrigin, firstScopes }: ProtectedResource): Stage =>
  async (exchange, next) => {
    const path = exchange.url.pathname
    if (!toolsPath.test(path)) return identity(exchange, next)
    const resource = resourcePath.test(path) ? path : '/mcp'
    try {
      return await identity(exchange, next)
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED')
        addChallenge(exchange, [
          `resource_metadata="${publicOrigin}${metadataPath}${resource}"`,
          `scope="${firstScopes.join(' ')}"`,
        ])
      throw error
    }
  }

function addChallenge({ responseHeaders }: Exchange, parameters: readonly string[]): void {
  const challenge = responseHeaders.get('www-authenticate') ?? 'Bearer realm="plexus"'
  responseHeaders.set('www-authenticate', [challenge, ...parameters].join(', '))
}
