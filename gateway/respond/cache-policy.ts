import type { Exchange } from '../exchange.ts'
import { staleOf } from '../reads.ts'

type Asked = Pick<Exchange, 'request' | 'credential' | 'reads' | 'registered' | 'kept'>

/**
 * What shared caches may do with a complete answer, as its fields say by `@cacheControl`: null
 * unless anybody at all would have got the same one by the same address.
 */
export function cachePolicyOf({ request, credential, reads, registered, kept }: Asked) {
  const isAnybody =
    request.method === 'GET' &&
    registered !== null &&
    credential === 'anonymous' &&
    !request.headers.has('cookie')
  if (!isAnybody || !reads?.isOpen || reads.scope !== 'everybody' || reads.maxAge === 0) return null
  const { maxAge } = reads
  return {
    'cache-control': `public, max-age=${maxAge}, stale-while-revalidate=${staleOf(maxAge)}`,
    vary: 'accept, authorization, cookie',
    ...(kept && { age: String(kept.age) }),
  }
}
