import type { SubgraphContext } from '#kit/builder'

/** What a resolver of this room may use. */
export type Context = SubgraphContext
