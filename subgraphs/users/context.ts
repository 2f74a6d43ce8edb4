import type { SubgraphContext } from '#kit/builder'
import { loadBy } from '#kit/loader'
import type { Database } from '#kit/postgres'
import { type CoachRow, coachesBySlugs } from './coach/queries.ts'

/** What a resolver of this room may use. */
export type Context = SubgraphContext &
  ReturnType<typeof loadersOf> & {
    /** Sees everybody: for the few answers that lie outside of what the viewer may see. */
    readonly system: Database
  }

const loadersOf = ({ db }: SubgraphContext) => ({
  coachBySlug: loadBy(
    (coach: CoachRow) => coach.slug,
    (slugs) => db.read((sql) => coachesBySlugs(sql, slugs)),
  ),
})

/** One context a request: loaders cache nothing beyond it. */
export const contextOf =
  (system: Database) =>
  (base: SubgraphContext): Context => ({ ...base, ...loadersOf(base), system })
