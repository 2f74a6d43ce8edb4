import type { RelyingParty } from '../security/second-factor.ts'

/** True for the domain itself and whatever is below it. */
export const isWithin = (domain: string, host: string): boolean =>
  host === domain || host.endsWith(`.${domain}`)

/** `example.org` for `id.example.org` and `app.example.org`; the first host where they share nothing. */
function commonDomain([first = '', ...others]: readonly string[]): string {
  const parts = first.split('.')
  const domains = parts.map((_, index) => parts.slice(index).join('.'))
  const common = domains.find((domain) => others.every((host) => isWithin(domain, host)))
  // A top-level domain is nobody's; `localhost` alone has no dot and is one's own.
  return common?.includes('.') || common === first ? common : first
}

type Places = { readonly domain: string | undefined; readonly urls: readonly string[] }

/**
 * One passkey for all of our pages: those of `urls` that live on the domain. The domain is the one
 * that the pages share unless it is named. Source: WebAuthn Level 3, 5.1.2 (RP ID).
 */
export function relyingPartyFrom({ domain, urls }: Places): RelyingParty {
  const places = urls.map((url) => new URL(url))
  const id = domain ?? commonDomain(places.map(({ hostname }) => hostname))
  const own = places.filter(({ hostname }) => isWithin(id, hostname))
  return { id, name: 'Plexus', origins: [...new Set(own.map(({ origin }) => origin))] }
}
