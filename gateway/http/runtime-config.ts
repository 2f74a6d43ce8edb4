import { createHash } from 'node:crypto'
import { hasTag } from './negotiate.ts'
import type { Handler } from './routes.ts'

/**
 * What the web client learns when it starts. Everybody can read it: nothing secret may ever be
 * added.
 */
export type RuntimeConfig = {
  readonly productName: string
  readonly defaultLocale: string
  readonly locales: readonly string[]
  readonly provider: { readonly label: string }
  readonly features: Readonly<Record<string, boolean>>
}

/**
 * One build of the web client serves every installation: what differs is asked for when the page
 * starts.
 */
export function serveRuntimeConfig(config: RuntimeConfig): Handler {
  const text = JSON.stringify(config)
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  return async ({ request }) => {
    const headers = { etag: tag, 'cache-control': 'no-cache', 'content-type': 'application/json' }
    if (hasTag(request.headers.get('if-none-match'), tag)) {
      return new Response(null, { status: 304, headers })
    }
    return new Response(request.method === 'HEAD' ? null : text, { headers })
  }
}
