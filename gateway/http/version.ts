import type { Exchange } from '../exchange.ts'

const vendor = /application\/vnd\.plexus\.v(\d{1,9})\+json/i

/**
 * Reads the version that `Accept` names as `application/vnd.plexus.v1+json`, and puts JSON in its
 * place, which is what every face knows. Whether there is such a version depends on who asks.
 */
export function readVersion(exchange: Exchange): void {
  const { headers } = exchange.request
  const accept = headers.get('accept')
  const [, named] = vendor.exec(accept ?? '') ?? []
  if (accept === null || named === undefined) return
  exchange.version = Number(named)
  headers.set('accept', accept.replaceAll(new RegExp(vendor, 'gi'), 'application/json'))
}

const json = /^application\/(graphql-response\+)?json\b/

/** JSON goes to who named a version by that name; a problem stays what it is. */
export function nameVersion({ headers }: Response, { version }: Exchange): void {
  if (version === null || !json.test(headers.get('content-type') ?? '')) return
  headers.set('content-type', `application/vnd.plexus.v${version}+json; charset=utf-8`)
}
