import { AppError } from '#kit/errors'
import type { Exchange } from '../exchange.ts'
import { type Policy, policyText } from './headers.ts'
import { explorerPath } from './paths.ts'
import { refusalPage } from './refusal-page.ts'
import type { Handler } from './routes.ts'

export type ExplorerDeps = {
  /** Null for who is not signed in. */
  readonly scopesOf: (request: Request) => Promise<ReadonlySet<string> | null>
  /** The page as it was built; null when it was not. */
  readonly page: (request: Request) => Response | null
  readonly productName: string
}

/** Monaco writes styles of its own into the page, and runs in workers. */
const explorerPolicy: Policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/** The page for those who may look at the whole graph; others are sent to sign in, or told no. */
export function serveExplorer({ scopesOf, page, productName }: ExplorerDeps): Handler {
  const refusal = refusalPage(productName, {
    fr: 'Votre compte n’a pas le droit d’explorer le graphe.',
    en: 'Your account may not explore the graph.',
  })
  return async ({ request }: Exchange) => {
    const scopes = await scopesOf(request)
    if (!scopes) return toSignIn()
    if (!scopes.has('operations:explore')) return refusal()
    const response = page(request)
    if (!response) throw new AppError('NOT_FOUND', 'The explorer has not been built.')
    response.headers.set('content-security-policy', policyText(explorerPolicy))
    // Who is shown it depends on who asks.
    response.headers.set('cache-control', 'private, no-cache')
    response.headers.append('vary', 'cookie')
    return response
  }
}

const toSignIn = () =>
  new Response(null, {
    status: 302,
    headers: {
      location: `/auth/login?returnTo=${encodeURIComponent(explorerPath)}`,
      'cache-control': 'no-store',
    },
  })
