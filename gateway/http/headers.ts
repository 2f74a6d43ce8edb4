/** From a directive to its sources. */
export type Policy = Readonly<Record<string, string>>

export const policyText = (policy: Policy) =>
  Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')

const pagePolicy = (providerOrigin: string): Policy => ({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': `'self' ${providerOrigin}`,
  'frame-ancestors': "'none'",
})

/** An answer that is no page loads nothing, whatever somebody makes a browser believe it is. */
const dataPolicy: Policy = { 'default-src': "'none'", 'frame-ancestors': "'none'" }

/** Two years, as the preload list asks. Source: hstspreload.org. */
const transportSecurity = 'max-age=63072000; includeSubDomains'

const policyName = 'content-security-policy'

type Options = { readonly publicOrigin: string; readonly providerOrigin: string }

/** The security headers of a page and of everything else, worked out once. */
export function securityHeaders({ publicOrigin, providerOrigin }: Options) {
  const common: [string, string][] = [
    ['x-content-type-options', 'nosniff'],
    // For browsers that do not know `frame-ancestors`.
    ['x-frame-options', 'DENY'],
    ['referrer-policy', 'strict-origin-when-cross-origin'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
  ]
  if (publicOrigin.startsWith('https:'))
    common.push(['strict-transport-security', transportSecurity])
  const pageText = policyText(pagePolicy(providerOrigin))
  const dataText = policyText(dataPolicy)
  return {
    /** A policy that the answer already has is kept: GraphiQL's page brings its own. */
    addTo: (headers: Headers): void => {
      const isPage = headers.get('content-type')?.startsWith('text/html') ?? false
      for (const [name, value] of common) headers.set(name, value)
      if (!headers.has(policyName)) headers.set(policyName, isPage ? pageText : dataText)
    },
  }
}
