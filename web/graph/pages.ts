import type { Cache, FieldArgs, Resolver } from '@urql/exchange-graphcache'
import { stringifyVariables } from 'urql'

/** Which list it is, whatever the page: all arguments but the page's own. */
const listOf = (args: FieldArgs): string =>
  stringifyVariables({ ...args, first: undefined, after: undefined })

const linkIn = (cache: Cache, entity: string | null, field: string): string | null => {
  const link = entity && cache.resolve(entity, field)
  return typeof link === 'string' ? link : null
}

/** The pages of one list that the cache knows, by the cursor after which they begin. */
function pagesIn(
  cache: Cache,
  { parentKey, fieldName }: { parentKey: string; fieldName: string },
  args: FieldArgs,
) {
  const fields = cache
    .inspectFields(parentKey)
    .filter((field) => field.fieldName === fieldName && listOf(field.arguments) === listOf(args))
  return new Map<unknown, string | null>(
    fields.map(({ fieldKey, arguments: own }) => [
      own?.after ?? null,
      linkIn(cache, parentKey, fieldKey),
    ]),
  )
}

/** A connection as all its known pages in one, from the first on; a page that is missing is asked for. */
export const joinedPages: Resolver = (_, args, cache, info) => {
  if (!cache.resolve(info.parentKey, info.fieldName, args)) return undefined
  const pages = pagesIn(cache, info, args)
  // Each page once: a cursor that leads back must not lead around for ever.
  const take = (after: unknown): string | null => {
    const page = pages.get(after) ?? null
    pages.delete(after)
    return page
  }
  const edges: unknown[] = []
  let page = take(null)
  let last = page
  while (page) {
    last = page
    const found = cache.resolve(page, 'edges')
    if (Array.isArray(found)) edges.push(...found)
    page = take(linkIn(cache, linkIn(cache, page, 'pageInfo'), 'endCursor'))
  }
  if (!last) return undefined
  return {
    __typename: linkIn(cache, last, '__typename'),
    totalCount: cache.resolve(last, 'totalCount'),
    pageInfo: linkIn(cache, last, 'pageInfo'),
    edges,
  }
}
