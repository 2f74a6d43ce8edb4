import type { Sql } from '#kit/postgres'
import type { Locale } from '../account/rules.ts'

type Register = {
  readonly kind: 'REGISTER'
  readonly email: string
  readonly passwordHash: string
  readonly displayName: string
  readonly locale: Locale
}
type Letter = { readonly kind: 'RESET_PASSWORD' | 'VERIFY_EMAIL'; readonly email: string }

/** What somebody who is nobody yet asked for. */
export type AccountRequest = Register | Letter
export type RequestRow = AccountRequest & { readonly id: string; readonly askedAt: Date }

export const insertRequest = (sql: Sql, request: AccountRequest, at: Date) => sql`
  insert into account_request ${sql({ ...request, askedAt: at, dueAt: at })}`

/** The one that waits longest, which nobody else has in hand; null when none is due. */
export async function dueRequest(sql: Sql, at: Date): Promise<RequestRow | null> {
  const [row] = await sql<RequestRow[]>`
    select id, kind, email, password_hash, display_name, locale, asked_at
    from account_request
    where due_at <= ${at}
    order by due_at, id
    limit 1
    for update skip locked`
  return row ?? null
}

export const deleteRequest = (sql: Sql, id: string) => sql`
  delete from account_request
  where id = ${id}`

/** What failed is tried again later, for as long as somebody may still wait for it. */
export const postponeRequests = (sql: Sql, { at, until }: { at: Date; until: Date }) => sql`
  update account_request
  set due_at = ${until}
  where id = (
    select id from account_request where due_at <= ${at} order by due_at, id limit 1
    for update skip locked)`

/** Nobody waits for these any more. */
export const sweepRequests = (sql: Sql, askedBefore: Date) => sql`
  delete from account_request
  where asked_at < ${askedBefore}`
