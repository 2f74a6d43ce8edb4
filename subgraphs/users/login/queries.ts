import type { Sql } from '#kit/postgres'

export type LoginDayRow = {
  day: string
  kind: 'PASSWORD' | 'SECOND_FACTOR' | 'SILENT'
  count: number
}

export const countLogin = (sql: Sql, { at, kind }: { at: Date; kind: LoginDayRow['kind'] }) => sql`
  insert into login_day as known (day, kind, count)
  values ((${at}::timestamptz at time zone 'UTC')::date, ${kind}, 1)
  on conflict (day, kind) do update
  set count = known.count + 1`

/** Events of one person may come in another order than they happened in: the latest counts. */
export const noteLogin = (sql: Sql, { personId, at }: { personId: string; at: Date }) => sql`
  update person
  set last_login_at = greatest(last_login_at, ${at})
  where id = ${personId}`

type Place = { personId: string; country: string; at: Date }

/** Notes from where somebody signed in. True when they have done so from elsewhere and never from here. */
export async function isNewCountry(sql: Sql, { personId, country, at }: Place): Promise<boolean> {
  const [row] = await sql<{ isNew: boolean }[]>`
    with before as (select count(*) as known from login_country where person_id = ${personId})
    insert into login_country as place (person_id, country, first_at, last_at)
    values (${personId}, ${country}, ${at}, ${at})
    on conflict (person_id, country) do update
    set last_at = greatest(place.last_at, excluded.last_at)
    returning (xmax = 0 and (select known from before) > 0) as is_new`
  return row?.isNew ?? false
}

/** Latest first. */
export const loginDays = (sql: Sql, days: number) => sql<LoginDayRow[]>`
  select day, kind, count
  from login_day
  where day > (select max(day) from login_day) - ${days}::int
  order by day desc, kind`

type Newcomer = { id: string; email: string | null; displayName: string; locale: string }

/** Somebody whom only another provider knew. An address that is another person's already is left out. */
export const welcome = (sql: Sql, { id, email, displayName, locale }: Newcomer) => sql`
  insert into person (id, email, display_name, locale)
  select
    ${id}::uuid,
    case when not exists (select from person where email = ${email}::citext) then ${email}::citext end,
    ${displayName}, ${locale}
  on conflict (id) do nothing`
