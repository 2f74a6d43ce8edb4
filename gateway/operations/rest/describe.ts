import type { GraphQLSchema } from 'graphql'
import type { Contract } from '#schema/contracts'
import type { Exchange } from '../../exchange.ts'
import type { GraphView } from '../../graph-view.ts'
import { createRecent, type Recent } from '../../recent.ts'
import type { JsonMap } from '../json-schema/schema.ts'
import type { Registry } from '../registry.ts'
import { newestVersion, unknownVersion } from '../versions.ts'
import { type Listed, listedFor } from './listed.ts'
import { descriptionOf, type Site } from './openapi/document.ts'
import { publishedFor, whoseOf } from './published.ts'

export type DescribingDeps = {
  readonly registry: Pick<Registry, 'all' | 'byName'>
  readonly webClientId: string
  readonly view: () => GraphView
  /** What a caller may know of the graph; null where that is nothing. */
  readonly schemaOf: (contract: Contract) => GraphQLSchema | null
  readonly site: Site
  readonly now: () => Date
}

/** The description of one version, and which versions there are. */
export type Description = {
  readonly version: number
  readonly newest: number
  readonly listed: readonly Listed[]
  readonly document: JsonMap
}

type Made = Pick<Description, 'listed' | 'document'>

/** Describes what a caller may run as of a version, the newest for null. Throws UNKNOWN_VERSION. */
export type Describe = (exchange: Exchange, version: number | null) => Description

const callersMax = 50
const minuteMs = 60_000

/** A description is made once for callers alike, and anew with the registry and with the graph. */
export function createDescribe(deps: DescribingDeps): Describe {
  const known = new WeakMap<GraphView, WeakMap<object, Recent<string, Made>>>()
  const knownFor = (view: GraphView, all: object) => {
    const byRegistry = known.get(view) ?? new WeakMap<object, Recent<string, Made>>()
    known.set(view, byRegistry)
    const recent = byRegistry.get(all) ?? createRecent<string, Made>(callersMax)
    byRegistry.set(all, recent)
    return recent
  }
  return (exchange, asked) => {
    const { registry, webClientId, now } = deps
    const { viewer, credential } = exchange
    const whose = whoseOf(exchange, webClientId)
    const newest = newestVersion(registry, whose.clients)
    const version = asked ?? exchange.version ?? newest
    if (version < 1 || version > newest) throw unknownVersion(version, newest)
    const scopes = [...(viewer?.scopes ?? [])].sort()
    const minute = Math.floor(now().getTime() / minuteMs)
    const { clients, contract } = whose
    const key = JSON.stringify([version, contract, clients, credential, scopes, minute])
    const view = deps.view()
    const made = knownFor(view, registry.all()).of(key, () => {
      const schema = deps.schemaOf(contract)
      const whole = { published: publishedFor(registry, whose), clients, version }
      const listing = { registry, view, now: now() }
      const listed = schema ? listedFor(exchange, whole, { ...listing, schema }) : []
      const document = descriptionOf({ version, credential, listed }, deps.site)
      return { listed, document }
    })
    return { version, newest, ...made }
  }
}

/** What nobody in particular is told, anybody may keep. */
export const keptBy = ({ credential, request }: Exchange): Record<string, string> => ({
  'cache-control':
    credential === 'anonymous' && !request.headers.has('cookie')
      ? 'public, max-age=60, stale-while-revalidate=300'
      : 'private, no-store',
  vary: 'accept, accept-language, authorization, cookie',
})
