import type { Exchange } from '../exchange.ts'

type Freshness = {
  readonly maxAge: number
  /** How long after that an old answer may still be given while a new one is fetched. */
  readonly stale: number
}

const minute = { maxAge: 60, stale: 300 }
/** Slots are taken while people look at them. */
const moment = { maxAge: 5, stale: 5 }

/**
 * Seconds that an answer may be kept. A field of `Query` that is not here depends on who asks; any
 * other field is as fresh as what leads to it, unless it says less.
 */
const freshness: Readonly<Record<string, Freshness>> = {
  'Query.coach': minute,
  'Query.coaches': minute,
  'Query.passwordPolicy': minute,
  'Query.service': minute,
  'Query.services': minute,
  'Query.slots': moment,
  'Coach.nextFreeSlot': moment,
}

type Asked = Pick<Exchange, 'request' | 'credential' | 'openFields' | 'registered'>

/**
 * What shared caches may do with a complete answer: null unless anybody at all would have got the
 * same one by the same address.
 */
export function cachePolicyOf({ request, credential, openFields, registered }: Asked) {
  const isAnybody =
    request.method === 'GET' &&
    registered !== null &&
    credential === 'anonymous' &&
    !request.headers.has('cookie')
  if (!isAnybody || !openFields) return null
  const roots = [...openFields].filter((field) => field.startsWith('Query.'))
  if (!roots.every((field) => freshness[field])) return null
  const rows = [...openFields].map((field) => freshness[field]).filter((row) => row !== undefined)
  const maxAge = Math.min(...rows.map((row) => row.maxAge))
  const stale = Math.min(...rows.map((row) => row.stale))
  return {
    'cache-control': `public, max-age=${maxAge}, stale-while-revalidate=${stale}`,
    vary: 'accept, authorization, cookie',
  }
}
