import type { LetterKind } from '#kit/letter'
import type { Json, Sql } from '#kit/postgres'
import type { Facts } from './facts.ts'

export type BookingKind = 'CONFIRMED' | 'MOVED' | 'CANCELLED'
export type Audience = 'CLIENT' | 'COACH'

type AnyMail = { id: string; recipientId: string; attempts: number; createdAt: Date }

export type BookingMailRow = AnyMail & {
  otherId: string
  audience: Audience
  kind: BookingKind
  bookingId: string
  bookingVersion: number
  facts: Facts
}

export type AccountMailRow = AnyMail & {
  otherId: null
  kind: LetterKind
  sealedToken: Buffer | null
  linkEndsAt: Date | null
}

export type MailRow = BookingMailRow | AccountMailRow

type New<Row extends MailRow> = Omit<Row, 'id' | 'attempts'> & { eventId: string }
export type NewMail = New<BookingMailRow>

const columns = (sql: Sql) => sql`
  mail.id, recipient_id, other_id, audience, kind, booking_id, booking_version, facts,
  sealed_token, link_ends_at, attempts, created_at`

/** An event is told to a person once, however often it arrives. */
export const insertMail = (sql: Sql, { facts, ...mail }: NewMail) => sql`
  insert into mail ${sql({ ...mail, facts: sql.json(facts satisfies Json), dueAt: mail.createdAt })}
  on conflict (event_id, recipient_id) do nothing`

export const insertAccountMail = (sql: Sql, mail: Omit<New<AccountMailRow>, 'otherId'>) => sql`
  insert into mail ${sql({ ...mail, dueAt: mail.createdAt })}
  on conflict (event_id, recipient_id) do nothing`

/**
 * Takes the mail that has been due longest, until the lease ends; null when nothing is due. Two workers never take
 * the same one. What is told of one booking to one person stays in order.
 */
export async function claimMail(
  sql: Sql,
  { now, leaseEndsAt }: { now: Date; leaseEndsAt: Date },
): Promise<MailRow | null> {
  const [mail] = await sql<MailRow[]>`
    update mail
    set attempts = attempts + 1, due_at = ${leaseEndsAt}
    where id = (
      select id
      from mail as candidate
      where state = 'WAITING'
        and due_at <= ${now}
        and not exists (
          select from mail as earlier
          where earlier.state = 'WAITING'
            and earlier.booking_id = candidate.booking_id
            and earlier.recipient_id = candidate.recipient_id
            and earlier.booking_version < candidate.booking_version)
      order by due_at, id
      limit 1
      for update skip locked)
    returning ${columns(sql)}`
  return mail ?? null
}

/** Sent or given up; a mail that is settled stays as it is, and holds no token any more. */
export const settleMail = (
  sql: Sql,
  mail: { id: string; state: 'SENT' | 'GIVEN_UP'; lastError: string | null; at: Date },
) => sql`
  update mail
  set state = ${mail.state}, last_error = ${mail.lastError}, settled_at = ${mail.at}, sealed_token = null
  where id = ${mail.id} and state = 'WAITING'`

/** Only the worker that made this try puts the mail back: another may have it by now. */
export const postponeMail = (
  sql: Sql,
  mail: { id: string; attempts: number; lastError: string; dueAt: Date },
) => sql`
  update mail
  set due_at = ${mail.dueAt}, last_error = ${mail.lastError}
  where id = ${mail.id} and state = 'WAITING' and attempts = ${mail.attempts}`

/** Deletes mails that were settled before that, one batch. Gives how many there were. */
export async function sweepMails(sql: Sql, before: Date, batchSize: number): Promise<number> {
  const { count } = await sql`
    delete from mail
    where id in (select id from mail where settled_at < ${before} limit ${batchSize})`
  return count
}
