import type { Page } from '#kit/connection'
import { literalPattern } from '#kit/like'
import type { Sql } from '#kit/postgres'

export type CoachRow = {
  id: string
  slug: string
  displayName: string
  timeZone: string
  headline: string | null
  bio: { fr?: string; en?: string }
  specialties: string[]
  languages: string[]
  city: string | null
  published: boolean
}

export type CoachProfile = Omit<CoachRow, 'displayName' | 'timeZone'>

/** All given parts must hold; null parts do not count. */
export type CoachFilter = {
  search: string | null
  specialty: string | null
  language: string | null
  city: string | null
}

const columns = (sql: Sql) => sql`
  coach.id, slug, display_name, time_zone, headline, bio, specialties, languages, city, published`

const matches = (sql: Sql, { search, specialty, language, city }: CoachFilter) => sql`
  published
    and (${search}::text is null
      or search_text like '%' || ${literalPattern(sql, sql`lower(unaccent(${search}))`)} || '%')
    and (${specialty}::text is null or ${specialty} = any(specialties))
    and (${language}::text is null or ${language} = any(languages))
    and (${city}::text is null or lower(unaccent(city)) = lower(unaccent(${city})))`

const afterCursor = (sql: Sql, { after }: Page) =>
  after ? sql`(display_name, coach.id) > (${after.key}, ${after.id}::uuid)` : sql`true`

export const coachesByIds = (sql: Sql, ids: readonly string[]) => sql<CoachRow[]>`
  select ${columns(sql)}
  from coach join person using (id)
  where coach.id = any(${[...ids]}::uuid[])`

export const coachesBySlugs = (sql: Sql, slugs: readonly string[]) => sql<CoachRow[]>`
  select ${columns(sql)}
  from coach join person using (id)
  where slug = any(${[...slugs]}::text[])`

/** Published coaches by name; one row more than the page holds. */
export const coachesPage = (sql: Sql, page: Page, filter: CoachFilter) => sql<CoachRow[]>`
  select ${columns(sql)}
  from coach join person using (id)
  where ${matches(sql, filter)} and ${afterCursor(sql, page)}
  order by display_name, coach.id
  limit ${page.limit + 1}`

export const countCoaches = async (sql: Sql, filter: CoachFilter) => {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from coach where ${matches(sql, filter)}`
  return row?.count ?? 0
}

/** False when somebody else has the slug: the constraint decides. */
export async function upsertCoach(sql: Sql, profile: CoachProfile): Promise<boolean> {
  const row = { ...profile, bio: sql.json(profile.bio) }
  const written = await sql`
    insert into coach ${sql(row)}
    on conflict (id) do update set ${sql(row)}`
  return written.count === 1
}
