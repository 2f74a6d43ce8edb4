import type { Sql } from '#kit/postgres'

const nobody = '00000000-0000-0000-0000-000000000000'

/** Adds to the minute's failures of the account; an address without one counts for nobody, after the same work. */
export const countFailure = (sql: Sql, { email, at }: { email: string; at: Date }) => sql`
  insert into failed_attempt as known (minute, account_id, failed)
  values (
    date_trunc('minute', ${at}::timestamptz),
    coalesce(
      (select id from account where email = ${email.includes('\0') ? '' : email}), ${nobody}::uuid),
    1)
  on conflict (minute, account_id) do update
  set failed = known.failed + 1`

export type Digest = {
  minute: Date
  failed: number
  /** How many accounts were aimed at, those without one left aside. */
  accountCount: number
  accounts: { id: string; failed: number }[]
}

const accountsMax = 10

/** Takes the minutes that are over out of the table, with the accounts that most failures were aimed at. */
export const takeFailures = (sql: Sql, at: Date) => sql<Digest[]>`
  with
    gone as (
      delete from failed_attempt
      where minute < date_trunc('minute', ${at}::timestamptz)
      returning minute, account_id, failed),
    ranked as (
      select *, row_number() over (partition by minute order by failed desc, account_id) as place
      from gone
      where account_id <> ${nobody}::uuid)
  select
    minute,
    sum(failed)::int as failed,
    (select count(*)::int from ranked where ranked.minute = gone.minute) as account_count,
    coalesce(
      (select jsonb_agg(jsonb_build_object('id', account_id, 'failed', failed) order by place)
        from ranked
        where ranked.minute = gone.minute and place <= ${accountsMax}),
      '[]') as accounts
  from gone
  group by minute
  order by minute`
