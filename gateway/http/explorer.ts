import { createHash } from 'node:crypto'
import { AppError } from '#kit/errors'
import { html, trusted } from '#kit/html'
import type { Exchange } from '../exchange.ts'
import { type Policy, policyText } from './headers.ts'
import { explorerPath } from './paths.ts'
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
  const refusal = refusalPage(productName)
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

const style = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#faf9f6, #0e1312); color: light-dark(#17211f, #edf2f0); }
main { max-width: 26rem; margin: 1.5rem; padding: 2rem; border-radius: 1rem;
  background: light-dark(#ffffff, #151b1a); border: 1px solid light-dark(#e7e3da, #26302e); }
h1, h2 { margin: 0 0 .25rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: 0; color: light-dark(#4a5654, #b3bfbc); }
section + section { margin-top: 1.5rem; padding-top: 1.5rem;
  border-top: 1px solid light-dark(#e7e3da, #26302e); }
a { display: inline-block; margin-top: .75rem; padding: .25rem 0;
  color: light-dark(#0c5a4d, #86ddc8); }
`
const styleHash = createHash('sha256').update(style).digest('base64')

const refusalPolicy = policyText({
  'default-src': "'none'",
  'style-src': `'sha256-${styleHash}'`,
  'img-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
})

function refusalPage(productName: string): () => Response {
  const { markup } = html`<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${productName} · 403</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <style>${trusted(style)}</style>
  </head>
  <body>
    <main>
      <section>
        <h1>Cette page est réservée aux administrateurs</h1>
        <p>Votre compte n’a pas le droit d’explorer le graphe.</p>
        <a href="/">Retour à l’accueil</a>
      </section>
      <section lang="en">
        <h2>This page is for administrators</h2>
        <p>Your account may not explore the graph.</p>
        <a href="/">Back to the home page</a>
      </section>
    </main>
  </body>
</html>
`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': refusalPolicy,
    'cache-control': 'no-store',
  }
  return () => new Response(markup, { status: 403, headers })
}
