import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLInt,
  specifiedDirectives,
} from 'graphql'

/** The feature's own address, so that composition keeps its directive in the supergraph. */
export const cacheControlUrl = 'https://specs.plexus.example/cacheControl/v0.1'

const scopeType = new GraphQLEnumType({
  name: 'cacheControl__Scope',
  values: { PUBLIC: { value: 'PUBLIC' }, PRIVATE: { value: 'PRIVATE' } },
})

const directive = new GraphQLDirective({
  name: 'cacheControl',
  locations: [DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.OBJECT],
  args: {
    maxAge: { type: GraphQLInt },
    scope: { type: scopeType },
    inheritMaxAge: { type: GraphQLBoolean },
  },
})

export type CacheControl = {
  /** Seconds. */
  readonly maxAge?: number
  readonly scope?: 'PUBLIC' | 'PRIVATE'
  /** As fresh as what leads to it. */
  readonly inheritMaxAge?: boolean
}

/**
 * An option of a field or a type: how many seconds what it gives may be kept. PRIVATE is for the
 * person who asked alone; a root field that says nothing is never kept.
 */
export const kept = (maxAge: number, scope?: CacheControl['scope']) => ({
  directives: { cacheControl: { maxAge, ...(scope && { scope }) } satisfies CacheControl },
})

/** Beside `linkUrl`, for `toSubGraphSchema` of a room whose fields say how long they may be kept. */
export const withCacheControl: {
  readonly composeDirectives: `@${string}`[]
  readonly directives: GraphQLDirective[]
  readonly extensions: Record<string, unknown>
} = {
  composeDirectives: ['@cacheControl'],
  directives: [...specifiedDirectives, directive],
  extensions: {
    directives: [{ name: 'link', args: { url: cacheControlUrl, import: ['@cacheControl'] } }],
  },
}
