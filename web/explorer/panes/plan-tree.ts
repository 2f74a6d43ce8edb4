/** One request of a plan, as the gateway tells of it. */
export type PlannedFetch = {
  readonly id: number
  readonly subgraph: string
  readonly kind: string
  readonly paths: readonly string[]
  readonly entities: readonly string[]
  readonly waitsFor: readonly number[]
  readonly variables: readonly string[]
  readonly document: string
}

export type FetchCost = { readonly per: 'request' | 'entity'; readonly estimated: number }

export type Branch<Fetch extends PlannedFetch> = {
  readonly fetch: Fetch
  readonly next: readonly Branch<Fetch>[]
}

/** The plan as a tree: each fetch below the last of those that it waits for. */
export function treeOf<Fetch extends PlannedFetch>(fetches: readonly Fetch[]): Branch<Fetch>[] {
  const below = (parent: number | null): Branch<Fetch>[] =>
    fetches
      .filter(({ waitsFor }) => (waitsFor.length > 0 ? Math.max(...waitsFor) : null) === parent)
      .map((fetch) => ({ fetch, next: below(fetch.id) }))
  return below(null)
}
