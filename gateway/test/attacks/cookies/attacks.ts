import type { Guard } from '../../../identity/guards.ts'
import { publicOrigin } from '../../edge-harness.ts'
import type { World } from './world.ts'

export type Attack = {
  readonly source: string
  /** What stops it, and without which it succeeds. */
  readonly guard: Guard
  /** What the victim's browser is made to send. */
  readonly request: (world: World) => Request
  /** What whoever attacks gets by it. */
  readonly loot: (response: Response, world: World) => Promise<boolean>
}

const evil = 'https://evil.example'
const json = { 'content-type': 'application/json' }
const mutation = '{"query":"mutation { pay }"}'

const cookieOf = ({ victim }: World) => `__Host-plexus=${victim}`

type Sent = { path?: string; method?: string; headers?: Record<string, string>; body?: BodyInit }

const sent =
  ({ path = '/graphql', method = 'POST', headers = {}, body = mutation }: Sent) =>
  (world: World) =>
    new Request(`${publicOrigin}${path}`, {
      method,
      headers: { cookie: cookieOf(world), ...headers },
      ...(method === 'POST' && { body }),
      redirect: 'manual',
    })

/** It was carried out as the victim. */
const asVictim: Attack['loot'] = async (response, { ids }) =>
  response.status === 200 && (await response.json()).id === ids.victim

/** The victim goes on in the session of whoever attacks, and writes what is theirs into it. */
const asAttacker: Attack['loot'] = async (response, { ids }) =>
  response.status === 200 && (await response.json()).id === ids.attacker

const tossed = (guard: Guard, cookie: (world: World) => string): Omit<Attack, 'source'> => ({
  guard,
  request: (world) => {
    const headers = { cookie: cookie(world), ...json }
    return new Request(`${publicOrigin}/graphql`, { method: 'POST', headers, body: mutation })
  },
  loot: asAttacker,
})

const forged = (headers: Record<string, string>, rest: Sent = {}): Omit<Attack, 'source'> => ({
  guard: 'http-own-page',
  request: sent({ ...rest, headers: { ...json, ...headers } }),
  loot: asVictim,
})

/** An old browser that tells no origin: the type of the body is all that a form cannot choose. */
const formed = (type: string | null, body: BodyInit = mutation): Omit<Attack, 'source'> => ({
  guard: 'http-content-type',
  request: (world) => {
    const request = sent({ body, headers: type === null ? {} : { 'content-type': type } })(world)
    if (type === null) request.headers.delete('content-type')
    return request
  },
  loot: asVictim,
})

const multipart = () => {
  const form = new FormData()
  form.set('operations', mutation)
  form.set('map', '{}')
  return form
}

const prefixes = 'RFC 6265bis section 4.1.3.2'
const fetchMetadata = 'W3C Fetch Metadata, OWASP CSRF Prevention'
const simpleRequests = 'Fetch standard, CORS-safelisted request-header'

export const attacks: Readonly<Record<string, Attack>> = {
  'a sibling host sets the session cookie without the prefix': {
    source: prefixes,
    ...tossed('cookie-prefix', ({ attacker }) => `plexus=${attacker}`),
  },
  'a sibling host sets it beside one that has expired': {
    source: prefixes,
    ...tossed('cookie-prefix', ({ attacker }) => `theme=dark; plexus=${attacker}`),
  },
  'a sibling host sets a second session cookie before the own one': {
    source: 'RFC 6265bis section 5.7',
    ...tossed('cookie-single', (world) => `__Host-plexus=${world.attacker}; ${cookieOf(world)}`),
  },
  'a cookie whose name begins with a no-break space has no prefix for a browser': {
    source: 'Cookie Chaos, PortSwigger 2025',
    ...tossed('cookie-name', ({ attacker }) => `\u00a0__Host-plexus=${attacker}`),
  },
  'a cookie whose name begins with a form feed': {
    source: 'Cookie Chaos, PortSwigger 2025',
    ...tossed('cookie-name', ({ attacker }) => `\u000c__Host-plexus=${attacker}`),
  },
  'a page of another site posts JSON': {
    source: fetchMetadata,
    ...forged({ origin: evil, 'sec-fetch-site': 'cross-site' }),
  },
  'a page of a sibling host posts JSON': {
    source: fetchMetadata,
    ...forged({ origin: 'https://blog.plexus.test', 'sec-fetch-site': 'same-site' }),
  },
  'a sandboxed frame hides its origin': {
    source: fetchMetadata,
    ...forged({ origin: 'null' }),
  },
  'a request tells no origin, but that another site began it': {
    source: fetchMetadata,
    ...forged({ 'sec-fetch-site': 'cross-site' }),
  },
  'an origin that begins with ours': {
    source: 'OWASP CSRF Prevention',
    ...forged({ origin: `${publicOrigin}.evil.example` }),
  },
  'our own host without encryption': {
    source: 'RFC 6454 section 4',
    ...forged({ origin: 'http://plexus.test' }),
  },
  'our own host on another port': {
    source: 'RFC 6454 section 4',
    ...forged({ origin: `${publicOrigin}:8443` }),
  },
  'a right origin that a proxy has appended to': {
    source: 'OWASP CSRF Prevention',
    ...forged({ origin: `${evil}, ${publicOrigin}` }),
  },
  'text/plain that holds JSON': { source: simpleRequests, ...formed('text/plain') },
  'a form-encoded operation': {
    source: simpleRequests,
    ...formed(
      'application/x-www-form-urlencoded',
      new URLSearchParams({ query: 'mutation { pay }' }),
    ),
  },
  'a multipart operation': {
    source: 'GraphQL multipart request specification',
    guard: 'http-content-type',
    request: (world) =>
      new Request(`${publicOrigin}/graphql`, {
        method: 'POST',
        headers: { cookie: cookieOf(world) },
        body: multipart(),
      }),
    loot: asVictim,
  },
  'no content type at all': { source: simpleRequests, ...formed(null) },
  'a type that only mentions JSON': {
    source: 'CVE-2022-41719 and its like',
    ...formed('text/plain; application/json'),
  },
  'a list of types': { source: simpleRequests, ...formed('text/plain, application/json') },
  'a type that begins like JSON': { source: 'GHSA-hff2-gcpx-8f4p', ...formed('application/jsonp') },
  'a link of another site reads as the victim': {
    source: 'XS-Leaks, fetch metadata',
    guard: 'http-own-page-reads',
    request: sent({ method: 'GET', headers: { origin: evil, 'sec-fetch-site': 'cross-site' } }),
    loot: asVictim,
  },
  'a stream that another site opens as the victim': {
    source: 'Cross-site WebSocket hijacking, for event streams',
    guard: 'http-own-page-reads',
    request: sent({
      method: 'GET',
      headers: { 'sec-fetch-site': 'cross-site', accept: 'text/event-stream' },
    }),
    loot: asVictim,
  },
  'another site gets leave to send JSON': {
    source: 'Fetch standard, CORS preflight',
    guard: 'http-cors',
    request: sent({
      method: 'OPTIONS',
      headers: { origin: evil, 'access-control-request-method': 'POST' },
    }),
    loot: async (response) =>
      response.status === 204 &&
      response.headers.get('access-control-allow-credentials') === 'true',
  },
  'a picture whose address signs out': {
    source: 'OWASP CSRF Prevention, state change by GET',
    guard: 'http-method',
    request: sent({ method: 'GET', path: '/auth/logout' }),
    loot: async (response) =>
      response.headers.getSetCookie().some((line) => line.startsWith('__Host-plexus=;')),
  },
  'a form of another site that signs out': {
    source: 'OWASP CSRF Prevention, forced logout',
    guard: 'http-own-page',
    request: sent({ path: '/auth/logout', headers: { ...json, origin: evil }, body: '{}' }),
    loot: async (response) => (await response.json()).redirectUrl === '/auth/goodbye',
  },
  'a form of an old browser that signs out': {
    source: 'OWASP CSRF Prevention, forced logout',
    guard: 'http-content-type',
    request: sent({ path: '/auth/logout', headers: { 'content-type': 'text/plain' } }),
    loot: async (response) => (await response.json()).redirectUrl === '/auth/goodbye',
  },
}
