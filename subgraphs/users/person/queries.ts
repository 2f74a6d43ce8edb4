import type { Page } from '#kit/connection'
import { literalPattern } from '#kit/like'
import type { Sql } from '#kit/postgres'
import type { ProfileChange } from './rules.ts'

export type PersonRow = {
  id: string
  email: string | null
  displayName: string
  locale: string
  timeZone: string
  status: 'ACTIVE' | 'INVITED' | 'SUSPENDED' | 'ERASED'
  version: number
  createdAt: Date
  lastLoginAt: Date | null
}

export type NewPerson = Pick<PersonRow, 'id' | 'email' | 'displayName' | 'locale'>

const columns = (sql: Sql) =>
  sql`person.id, email, display_name, locale, time_zone, status, version, person.created_at,
    last_login_at`

export const peopleByIds = (sql: Sql, ids: readonly string[]) => sql<PersonRow[]>`
  select ${columns(sql)}
  from person
  where person.id = any(${[...ids]}::uuid[])`

const searched = (sql: Sql, search: string | null) =>
  search === null
    ? sql`true`
    : sql`(
        unaccent(lower(display_name))
          like '%' || ${literalPattern(sql, sql`unaccent(lower(${search}))`)} || '%'
        or email::text like ${literalPattern(sql, sql`lower(${search})`)} || '%')`

/** By name. One row more than the page holds, which tells that there is a next page. */
export const peoplePage = (sql: Sql, page: Page, search: string | null) => sql<PersonRow[]>`
  select ${columns(sql)}
  from person
  where ${searched(sql, search)}
    and ${page.after ? sql`(display_name, person.id) > (${page.after.key}, ${page.after.id}::uuid)` : sql`true`}
  order by display_name, person.id
  limit ${page.limit + 1}`

export const countPeople = async (sql: Sql, search: string | null) => {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from person where ${searched(sql, search)}`
  return row?.count ?? 0
}

/** Null when the row has another version by now (or may not be seen). */
export async function updatePerson(
  sql: Sql,
  { id, expectedVersion, change }: { id: string; expectedVersion: number; change: ProfileChange },
): Promise<PersonRow | null> {
  const [person] = await sql<PersonRow[]>`
    update person
    set ${sql({ ...change })}, version = version + 1
    where id = ${id} and version = ${expectedVersion}
    returning ${columns(sql)}`
  return person ?? null
}

/** A person arrives once, however often the event does. */
export const insertPerson = (sql: Sql, person: NewPerson) => sql`
  insert into person ${sql(person, 'id', 'email', 'displayName', 'locale')}
  on conflict (id) do nothing`
