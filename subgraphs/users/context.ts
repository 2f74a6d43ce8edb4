import type { SubgraphContext } from '#kit/builder'
import { loadBy } from '#kit/loader'
import { type CoachRow, coachesBySlugs } from './coach/queries.ts'

/** What a resolver of this room may use. */
export type Context = SubgraphContext & ReturnType<typeof loadersOf>

const loadersOf = ({ db }: SubgraphContext) => ({
  coachBySlug: loadBy(
    (coach: CoachRow) => coach.slug,
    (slugs) => db.read((sql) => coachesBySlugs(sql, slugs)),
  ),
})

/** One context a request: loaders cache nothing beyond it. */
export const contextOf = (base: SubgraphContext): Context => ({ ...base, ...loadersOf(base) })
